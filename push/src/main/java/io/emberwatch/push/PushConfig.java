package io.emberwatch.push;

import io.emberwatch.push.kafka.AggregatorConfig;
import io.emberwatch.push.kafka.AlarmsConfig;
import io.emberwatch.push.kafka.CollectorConfig;
import io.emberwatch.push.kafka.InfluxConfig;
import io.emberwatch.push.kafka.KafkaConfig;
import io.emberwatch.push.kafka.NotifyConfig;
import io.emberwatch.push.kafka.OnOffConfig;
import io.emberwatch.push.kafka.RouterConfig;
import io.emberwatch.push.kafka.SinkConfig;
import io.emberwatch.push.sample.RemoteWriteConfig;
import org.jspecify.annotations.Nullable;

/**
 * The key {@code push} of the configuration file. A component whose key is absent does not run.
 *
 * @param router filters lines and sends them on
 * @param aggregator gathers fields over windows of time
 * @param onoff sends fields that change
 * @param influx stores lines in InfluxDB
 * @param notifications hands over the messages of the notification topics
 * @param sink takes this program's own samples into a topic
 * @param collector takes the lines that the exporter receives into a topic; run by {@code exporter} and {@code up}
 * @param remoteWrite writes lines as samples to a server that takes Prometheus' remote write
 * @param statistics sends figures over UDP in the form of the O2 components
 * @param alarms hands lines to the rule engine and its alerts to notification topics
 */
public record PushConfig(
        KafkaConfig kafka,
        @Nullable RouterConfig router,
        @Nullable AggregatorConfig aggregator,
        @Nullable OnOffConfig onoff,
        @Nullable InfluxConfig influx,
        @Nullable NotifyConfig notifications,
        @Nullable SinkConfig sink,
        @Nullable CollectorConfig collector,
        @Nullable RemoteWriteConfig remoteWrite,
        @Nullable AlarmsConfig alarms,
        @Nullable StatisticsConfig statistics) {

    /** Whether there is nothing to run beside the collector, which belongs to the exporter. */
    public boolean isEmpty() {
        return router == null
                && aggregator == null
                && onoff == null
                && influx == null
                && notifications == null
                && sink == null
                && remoteWrite == null
                && alarms == null;
    }

    /**
     * Only one component, by its key.
     *
     * @throws IllegalArgumentException when there is no such component, or it is not configured
     */
    public PushConfig only(String component) {
        PushConfig only = new PushConfig(
                kafka,
                component.equals("router") ? router : null,
                component.equals("aggregator") ? aggregator : null,
                component.equals("onoff") ? onoff : null,
                component.equals("influx") ? influx : null,
                component.equals("notifications") ? notifications : null,
                component.equals("sink") ? sink : null,
                null,
                component.equals("remote_write") ? remoteWrite : null,
                component.equals("alarms") ? alarms : null,
                statistics);
        if (only.isEmpty()) {
            throw new IllegalArgumentException("push." + component + " is not configured");
        }
        return only;
    }
}
