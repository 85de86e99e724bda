package io.emberwatch.exporter.graphite;

import io.emberwatch.exporter.graphite.GraphiteMetrics.Drop;
import io.emberwatch.exporter.mapping.Mapped;
import io.emberwatch.exporter.mapping.Mapper;
import io.emberwatch.exporter.mapping.MappingConfig.EventType;
import io.emberwatch.exporter.series.Admission;
import io.emberwatch.exporter.series.RawIndex;
import io.emberwatch.exporter.series.Refusal;
import io.emberwatch.exporter.series.SeriesTable;
import io.emberwatch.exporter.series.ValueSeries;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The latest sample of every path, as gauges.
 *
 * <p>A path is mapped once and found again by its bytes. Two paths that come to one series share it. Not safe for several
 * threads: whoever stores holds the store's own monitor.
 */
final class GraphiteStore {
    private static final int LONGEST_KEY = 512;
    private static final long MILLIS = 1000;

    private final GraphiteConfig config;
    private final GraphiteMetrics metrics;
    private final SeriesTable table;
    private final RawIndex<PathSeries> index;
    private final long expiryMillis;
    private Mapper mapper;
    private long newReceived;
    private long newStored;

    GraphiteStore(GraphiteConfig config, Mapper mapper, GraphiteMetrics metrics) {
        this.config = config;
        this.mapper = mapper;
        this.metrics = metrics;
        table = new SeriesTable(config.limits());
        index = new RawIndex<>(config.maxSeries() + 1024, LONGEST_KEY);
        expiryMillis = config.sampleExpiry().toMillis();
    }

    /** Maps with other rules from now on; series stay until they expire. */
    void use(Mapper other) {
        mapper = other;
        index.clear();
    }

    /** Counts a sample that comes to nothing. */
    void drop(Drop drop) {
        newReceived++;
        metrics.drop(drop);
    }

    /**
     * Stores a sample.
     *
     * @param value not NaN
     * @param timestamp seconds since the epoch; -1 for now
     */
    void store(byte[] in, int from, int to, double value, double timestamp, long nowMillis) {
        newReceived++;
        PathSeries path = index.find(in, from, to, 0);
        if (path == null) {
            path = resolve(new String(in, from, to - from, StandardCharsets.UTF_8));
            index.put(in, from, to, 0, path);
        }
        if (path.tagFaults > 0) {
            metrics.tagFailures.inc();
        }
        if (path.drop != null) {
            metrics.drop(path.drop);
            return;
        }
        long time = timestamp == -1 ? nowMillis : (long) (timestamp * MILLIS);
        if (expiryMillis > 0 && nowMillis - time > expiryMillis) {
            metrics.drop(Drop.OLD);
            return;
        }
        ValueSeries series = path.series;
        if (series == null || !series.isLive()) {
            series = admit(path);
            if (series == null) {
                return;
            }
        }
        // A time ahead of ours does not make a sample stay for ever.
        series.set(value * path.scale, Math.min(time, nowMillis));
        newStored++;
    }

    private PathSeries resolve(String text) {
        CarbonPath path = CarbonPath.read(text);
        Mapped mapped = mapper.map(path.name(), EventType.GAUGE);
        Drop drop = null;
        if (mapped == null ? config.strictMatch() : mapped.rule().drops()) {
            drop = mapped == null ? Drop.UNMAPPED : Drop.RULE;
        }
        String name = CarbonPath.clean(mapped == null ? path.name() : mapped.name());
        if (name.isEmpty() && drop == null) {
            drop = Drop.PATH;
        }
        Labels.Builder labels = Labels.builder();
        path.tags().forEach(labels::set);
        if (mapped != null) {
            mapped.labels().forEach((label, value) -> {
                if (!mapped.rule().honorLabels() || !path.tags().containsKey(label)) {
                    labels.set(label, value);
                }
            });
        }
        double scale = mapped == null ? 1 : mapped.rule().scale();
        return new PathSeries(name, labels.build(), scale, path.faults(), drop);
    }

    private @Nullable ValueSeries admit(PathSeries path) {
        Refusal before = path.refusal;
        if (before != null && path.refusedInGeneration == table.generation()) {
            metrics.refused(before);
            return null;
        }
        Admission admission =
                table.value(path.name, MetricType.GAUGE, "Graphite metric " + path.name, path.labels, expiryMillis);
        if (admission.series() instanceof ValueSeries series) {
            path.series = series;
            path.refusal = null;
            return series;
        }
        Refusal refusal = admission.refusal() == null ? Refusal.CONFLICT : admission.refusal();
        path.series = null;
        path.refusal = refusal;
        path.refusedInGeneration = table.generation();
        metrics.refused(refusal);
        return null;
    }

    /** Shows what was counted since the last time. */
    void publish(long nowMillis) {
        metrics.received.inc(newReceived);
        metrics.stored.inc(newStored);
        if (newStored > 0) {
            metrics.lastProcessed.set((double) nowMillis / MILLIS);
        }
        newReceived = 0;
        newStored = 0;
    }

    /** Removes series whose samples are too old. */
    void expire(long nowMillis) {
        long before = table.expired();
        table.expire(nowMillis);
        metrics.expired.inc(table.expired() - before);
    }

    List<MetricFamily> families(long nowMillis) {
        return table.families(nowMillis);
    }
}
