package io.emberwatch.push.metrics;

import io.emberwatch.model.line.LineFault;
import io.emberwatch.push.aggregate.WindowAggregator;
import io.emberwatch.push.onoff.ChangeDetector;
import io.emberwatch.push.route.Destination;
import io.emberwatch.push.sample.RemoteWriteTarget;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.Locale;

/** All metrics of the push path. Every loss has a counter that starts at 0. */
public final class PushMetrics {
    /** Records that the Router has read. */
    public final Counter routerRecords;
    /** Lines found in them; {@code lines = unrouted + faults + routed}. */
    public final Counter routerLines;
    /** Fields of the lines without fault. */
    public final Counter routerValues;
    /** Lines that no filter let pass. */
    public final Counter routerUnrouted;
    /** Lines or fields sent, by output. */
    public final Counter routerSent;
    /** Lines sent to the dead letters, by reason. */
    public final Counter routerFaults;

    /** Messages that the Aggregator has read. */
    public final Counter aggregatorMessages;
    /** Lines that it has written. */
    public final Counter aggregatorLines;
    /** Messages that did not count, by reason; {@code late} among them. */
    public final Counter aggregatorDropped;

    /** Messages that OnOff has read. */
    public final Counter onoffMessages;
    /** Changes that it has sent. */
    public final Counter onoffChanges;
    /** Values that it has sent again. */
    public final Counter onoffRefreshed;
    /** Series that it has forgotten. */
    public final Counter onoffExpired;
    /** Messages that it left out, by reason. */
    public final Counter onoffDropped;

    /** Lines that InfluxDB has stored. */
    public final Counter influxLines;
    /** Lines that it refused or that could harm it. */
    public final Counter influxRefused;
    /** Times that it could not take lines and was left alone for a while. */
    public final Counter influxRetries;
    /** Time from reading records to having them stored. */
    public final Histogram influxSeconds;

    /** From a record's own time to having it stored. */
    public final Histogram influxAge;

    /** Messages of the notification topics, by topic and what became of them. */
    public final Counter notifications;

    /** Samples read from a topic and handed on, by component. */
    public final Counter samplesRead;
    /** Lines that could not be read as samples, by component. */
    public final Counter samplesFaulty;
    /** Samples written by remote write, refused or left out. */
    public final Counter remoteWritten;
    /** Alerts that went to notification topics, by what became of them. */
    public final Counter alarms;

    /** Lines sent to InfluxDB over UDP that did not become points, as far as can be told. */
    public final Gauge udpLost;

    /** Threads that work now, by component. */
    public final Gauge threadsLive;
    /** Records that wait to be read in the partition that is furthest behind, by component. */
    public final Gauge lag;
    /** Threads replaced after an exception, by component. */
    public final Counter threadRestarts;
    /** Records that Kafka would not take whatever the retries, by component. */
    public final Counter recordsLost;

    /** Samples handed over by collectors. */
    public final Counter sinkSamples;
    /** Samples that reached Kafka: acknowledged by all replicas. */
    public final Counter sinkDelivered;
    /** Samples that did not, by reason. */
    public final Counter sinkDropped;

    public PushMetrics(CollectorRegistry registry) {
        routerRecords = counter("router_records", "Records read by the Router.").register(registry);
        routerLines = counter("router_lines", "Lines read by the Router, faulty ones included.")
                .register(registry);
        routerValues = counter("router_values", "Fields of the lines read by the Router.")
                .register(registry);
        routerUnrouted = counter("router_unrouted_lines", "Lines that no filter of the Router let pass.")
                .register(registry);
        routerSent = counter("router_sent", "Lines (database) and fields (onoff, aggregator) sent by the Router.")
                .labelNames("output")
                .register(registry);
        for (Destination destination : Destination.values()) {
            routerSent.labels(destination.label());
        }
        routerFaults = counter("router_faulty_lines", "Lines that the Router sent to the dead letters.")
                .labelNames("reason")
                .register(registry);
        for (LineFault fault : LineFault.values()) {
            routerFaults.labels(fault.label());
        }
        aggregatorMessages = counter("aggregator_messages", "Messages read by the Aggregator.")
                .register(registry);
        aggregatorLines =
                counter("aggregator_lines", "Lines written by the Aggregator.").register(registry);
        aggregatorDropped = counter("aggregator_dropped_messages", "Messages that the Aggregator left out.")
                .labelNames("reason")
                .register(registry);
        for (WindowAggregator.Outcome outcome : WindowAggregator.Outcome.values()) {
            if (outcome != WindowAggregator.Outcome.TAKEN) {
                aggregatorDropped.labels(label(outcome));
            }
        }
        aggregatorDropped.labels("faulty");
        onoffMessages = counter("onoff_messages", "Messages read by OnOff.").register(registry);
        onoffChanges = counter("onoff_changes", "Changed values sent by OnOff.").register(registry);
        onoffRefreshed =
                counter("onoff_refreshed", "Values sent again by OnOff.").register(registry);
        onoffExpired = counter("onoff_expired_series", "Series that OnOff has forgotten.")
                .register(registry);
        onoffDropped = counter("onoff_dropped_messages", "Messages that OnOff left out.")
                .labelNames("reason")
                .register(registry);
        for (String reason : new String[] {
            label(ChangeDetector.Outcome.OUT_OF_ORDER), label(ChangeDetector.Outcome.TOO_MANY_SERIES), "faulty"
        }) {
            onoffDropped.labels(reason);
        }
        influxLines = counter("influx_lines", "Lines stored in InfluxDB.").register(registry);
        influxRefused = counter("influx_refused_lines", "Lines kept from InfluxDB or refused by it.")
                .register(registry);
        influxRetries = counter("influx_retries", "Times that InfluxDB could not take lines.")
                .register(registry);
        influxSeconds = Histogram.build("emberwatch_push_influx_write_seconds", "Time to store what one poll gave.")
                .register(registry);
        influxAge = Histogram.build(
                        "emberwatch_push_influx_age_seconds",
                        "Age of records, by their own time, once they are stored.")
                .buckets(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300)
                .register(registry);
        notifications = counter("notifications", "Messages of the notification topics.")
                .labelNames("topic", "outcome")
                .register(registry);
        for (String topic : new String[] {"mattermost", "email"}) {
            for (String outcome : new String[] {"taken", "later", "refused"}) {
                notifications.labels(topic, outcome);
            }
        }
        samplesRead = counter("samples_read", "Samples read from lines and handed on.")
                .labelNames("component")
                .register(registry);
        samplesFaulty = counter("samples_faulty_lines", "Lines that could not be read as samples.")
                .labelNames("component")
                .register(registry);
        for (String component : new String[] {"alarms", "remote_write"}) {
            samplesRead.labels(component);
            samplesFaulty.labels(component);
        }
        remoteWritten = counter("remote_write_samples", "Samples of remote write.")
                .labelNames("outcome")
                .register(registry);
        for (RemoteWriteTarget.Outcome outcome : RemoteWriteTarget.Outcome.values()) {
            remoteWritten.labels(label(outcome));
        }
        alarms = counter("alarms", "Alerts for the notification topics.")
                .labelNames("outcome")
                .register(registry);
        for (String outcome : new String[] {"firing", "resolved", "dropped"}) {
            alarms.labels(outcome);
        }
        threadsLive = Gauge.build("emberwatch_push_threads_live", "Working threads.")
                .labelNames("component")
                .register(registry);
        lag = Gauge.build("emberwatch_push_lag_records", "Records behind, in the partition that is furthest behind.")
                .labelNames("component")
                .register(registry);
        udpLost = Gauge.build(
                        "emberwatch_push_influx_udp_lost_lines_estimate",
                        "Lines sent to InfluxDB over UDP that did not become points, as far as can be told.")
                .labelNames("component")
                .register(registry);
        threadRestarts = counter("thread_restarts", "Threads replaced after an exception.")
                .labelNames("component")
                .register(registry);
        recordsLost = counter("records_lost", "Records that Kafka refused for good.")
                .labelNames("component")
                .register(registry);
        sinkSamples = counter("sink_samples", "Samples handed over for Kafka.").register(registry);
        sinkDelivered = counter("sink_delivered_samples", "Samples acknowledged by Kafka.")
                .register(registry);
        sinkDropped = counter("sink_dropped_samples", "Samples that did not reach Kafka.")
                .labelNames("reason")
                .register(registry);
        for (SinkLoss loss : SinkLoss.values()) {
            sinkDropped.labels(loss.label());
        }
    }

    private static Counter.Builder counter(String name, String help) {
        return Counter.build("emberwatch_push_" + name, help);
    }

    /** The reason as a label value. */
    public static String label(Enum<?> outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    /** Makes the series of a component, so that they stand at 0 before anything happens. */
    public void declareComponent(String component) {
        threadsLive.labels(component);
        threadRestarts.labels(component);
        recordsLost.labels(component);
    }
}
