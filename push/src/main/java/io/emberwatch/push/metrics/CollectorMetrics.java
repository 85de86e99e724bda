package io.emberwatch.push.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;

/** Metrics of the local collector; {@code lines = delivered + dropped + waiting}, but for what is sent twice. */
public final class CollectorMetrics {
    /** Lines taken over. */
    public final Counter lines;
    /** Lines acknowledged by all replicas. */
    public final Counter delivered;
    /** Lines found on disk at the start. */
    public final Counter found;
    /** Lines not taken because the buffer was full; whoever sent them was told. */
    public final Counter refused;
    /** Lines taken over and lost, by reason. */
    public final Counter dropped;
    /** Places where the buffer could not be read. */
    public final Gauge damages;
    /** Lines that wait for Kafka. */
    public final Gauge waitingLines;
    /** Bytes that wait for Kafka. */
    public final Gauge bufferBytes;
    /** Whether lines can be kept on disk. */
    public final Gauge kept;
    /** Whether the sender works. */
    public final Gauge up;

    public CollectorMetrics(CollectorRegistry registry) {
        lines = counter("lines", "Lines that the local collector took over for Kafka.")
                .register(registry);
        delivered = counter("delivered_lines", "Lines of the local collector that Kafka acknowledged.")
                .register(registry);
        found = counter("found_lines", "Lines that an earlier process had left on disk.")
                .register(registry);
        refused = counter("refused_lines", "Lines not taken over because the buffer was full.")
                .register(registry);
        dropped = counter("dropped_lines", "Lines taken over and lost.")
                .labelNames("reason")
                .register(registry);
        for (String reason : new String[] {"too_large", "disk"}) {
            dropped.labels(reason);
        }
        damages = gauge("buffer_damages", "Places where the buffer on disk could not be read again.")
                .register(registry);
        waitingLines = gauge("waiting_lines", "Lines that wait for Kafka.").register(registry);
        bufferBytes = gauge("buffer_bytes", "Bytes that the buffer takes on disk and in memory.")
                .register(registry);
        kept = gauge("kept", "Whether lines can be kept on disk.").register(registry);
        up = gauge("up", "Whether lines are being sent to Kafka.").register(registry);
    }

    private static Counter.Builder counter(String name, String help) {
        return Counter.build("emberwatch_push_collector_" + name, help);
    }

    private static Gauge.Builder gauge(String name, String help) {
        return Gauge.build("emberwatch_push_collector_" + name, help);
    }
}
