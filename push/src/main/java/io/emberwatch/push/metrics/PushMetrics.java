package io.emberwatch.push.metrics;

import io.emberwatch.push.line.LineFault;
import io.emberwatch.push.route.Destination;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;

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

    /** Threads that work now, by component. */
    public final Gauge threadsLive;
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
        threadsLive = Gauge.build("emberwatch_push_threads_live", "Working threads.")
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

    /** Makes the series of a component, so that they stand at 0 before anything happens. */
    public void declareComponent(String component) {
        threadsLive.labels(component);
        threadRestarts.labels(component);
        recordsLost.labels(component);
    }
}
