package io.emberwatch.exporter.series;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The series that one protocol has pushed, under limits, each kept for a time after its last sample.
 *
 * <p>One type per metric, and no metric that bears the name of a histogram's or summary's samples: what would break the
 * page is refused. Not safe for several threads: whoever asks or changes anything, its series included, holds the table's
 * own monitor.
 */
public final class SeriesTable {
    private static final List<String> SUFFIXES = List.of("_bucket", "_sum", "_count");

    private static final int BYTES_PER_LINE = 200;
    private static final long LEAST_BYTES = 16 << 20;

    private final SeriesLimits limits;
    private final long mostBytes;
    private final Map<String, Metric> metrics = new HashMap<>();
    private int lines;
    private long bytes;
    private long expired;
    private long expiredAt;
    private long generation;

    /** Takes a quarter of the memory there is at most; what would need more is refused as beyond the limit of series. */
    public SeriesTable(SeriesLimits limits) {
        this.limits = limits;
        this.mostBytes = Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / 4);
    }

    /**
     * The series of one value.
     *
     * @param type counter, gauge or unknown
     * @param ttlMillis how long it stays without a sample; 0 for ever
     */
    public Admission value(String name, MetricType type, String help, Labels labels, long ttlMillis) {
        return admit(name, type, help, labels, ttlMillis, 1, 0, () -> new ValueSeries(name, type, labels));
    }

    /**
     * The histogram.
     *
     * @param bounds upper bounds, ascending, without infinity; those of a series that exists stay
     */
    public Admission histogram(String name, String help, Labels labels, double[] bounds, long ttlMillis) {
        return admit(
                name,
                MetricType.HISTOGRAM,
                help,
                labels,
                ttlMillis,
                bounds.length + 3,
                0,
                () -> new HistogramSeries(name, labels, bounds));
    }

    /** The summary; the shape of a series that exists stays. */
    public Admission summary(String name, String help, Labels labels, SummaryShape shape, long ttlMillis) {
        return admit(
                name,
                MetricType.SUMMARY,
                help,
                labels,
                ttlMillis,
                shape.quantiles().size() + 2,
                SummarySeries.sketchBytes(shape),
                () -> new SummarySeries(name, labels, shape));
    }

    /** The gauge of how many different strings came. */
    public Admission set(String name, String help, Labels labels, long windowMillis, long ttlMillis) {
        return admit(
                name,
                MetricType.GAUGE,
                help,
                labels,
                ttlMillis,
                1,
                SetSeries.SKETCH_BYTES,
                () -> new SetSeries(name, labels, windowMillis));
    }

    private Admission admit(
            String name,
            MetricType type,
            String help,
            Labels labels,
            long ttlMillis,
            int size,
            long extra,
            Supplier<? extends StoredSeries> maker) {
        Metric metric = metrics.get(name);
        if (metric == null ? isTaken(name, type) : metric.type != type) {
            return new Admission(null, Refusal.CONFLICT);
        }
        StoredSeries series = metric == null ? null : metric.series.get(labels);
        if (series == null) {
            if (lines + size > limits.series() || bytes + bytes(name, labels, size) + extra > mostBytes) {
                return new Admission(null, Refusal.SERIES_LIMIT);
            }
            if ((metric == null ? 0 : metric.lines) + size > limits.perMetric()) {
                return new Admission(null, Refusal.METRIC_LIMIT);
            }
            if (metric == null) {
                metric = new Metric(type, help);
                metrics.put(name, metric);
            }
            series = maker.get();
            metric.series.put(labels, series);
            metric.lines += series.lines();
            lines += series.lines();
            bytes += bytes(name, labels, series.lines()) + series.sketchBytes();
        }
        series.ttl(ttlMillis);
        return new Admission(series, null);
    }

    // A line of the page is kept as text and as strings.
    private static long bytes(String name, Labels labels, int lines) {
        return lines * (BYTES_PER_LINE + 2 * length(name, labels));
    }

    private static long length(String name, Labels labels) {
        long length = name.length();
        for (int i = 0; i < labels.size(); i++) {
            length += labels.name(i).length() + labels.value(i).length();
        }
        return length;
    }

    private boolean isTaken(String name, MetricType type) {
        if (type == MetricType.HISTOGRAM || type == MetricType.SUMMARY) {
            for (String suffix : SUFFIXES) {
                if (metrics.containsKey(name + suffix)) {
                    return true;
                }
            }
        }
        for (String suffix : SUFFIXES) {
            if (name.endsWith(suffix)) {
                Metric owner = metrics.get(name.substring(0, name.length() - suffix.length()));
                if (owner != null && (owner.type == MetricType.HISTOGRAM || owner.type == MetricType.SUMMARY)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Removes what has had no sample for its time. */
    public void expire(long nowMillis) {
        int before = lines;
        boolean setBack = nowMillis < expiredAt;
        expiredAt = nowMillis;
        metrics.values().removeIf(metric -> {
            boolean gone = metric.series.values().removeIf(series -> {
                if (setBack) {
                    series.settleClock(nowMillis);
                }
                boolean old = series.isExpired(nowMillis);
                if (old) {
                    series.remove();
                    metric.lines -= series.lines();
                    lines -= series.lines();
                    bytes -= bytes(series.name(), series.labels(), series.lines()) + series.sketchBytes();
                    expired++;
                }
                return old;
            });
            return gone && metric.series.isEmpty();
        });
        if (lines != before) {
            generation++;
        }
    }

    /** How often there has come to be room: a refusal of an earlier generation may not hold any more. */
    public long generation() {
        return generation;
    }

    /** How many sample lines its series make. */
    public int lines() {
        return lines;
    }

    /** How many series have been removed for their age. */
    public long expired() {
        return expired;
    }

    /** How many metrics there are of a type. */
    public int metrics(MetricType type) {
        int count = 0;
        for (Metric metric : metrics.values()) {
            count += metric.type == type ? 1 : 0;
        }
        return count;
    }

    /** The series of one value with this name and these labels, or null. */
    public @Nullable StoredSeries find(String name, Labels labels) {
        Metric metric = metrics.get(name);
        return metric == null ? null : metric.series.get(labels);
    }

    /** Everything as it is now, by name. */
    public List<MetricFamily> families(long nowMillis) {
        List<MetricFamily> families = new ArrayList<>(metrics.size());
        metrics.forEach((name, metric) -> {
            List<MetricPoint> points = new ArrayList<>(metric.lines);
            metric.series.values().forEach(series -> series.show(nowMillis, points));
            families.add(MetricFamily.of(name, metric.type, metric.help, points));
        });
        families.sort(Comparator.comparing(MetricFamily::name));
        return families;
    }

    /** The series of one name. */
    private static final class Metric {
        final MetricType type;
        final String help;
        final Map<Labels, StoredSeries> series = new HashMap<>();
        int lines;

        Metric(MetricType type, String help) {
            this.type = type;
            this.help = help;
        }
    }
}
