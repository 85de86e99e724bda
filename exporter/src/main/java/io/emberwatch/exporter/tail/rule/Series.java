package io.emberwatch.exporter.tail.rule;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.text.FloatText;
import java.util.ArrayList;
import java.util.List;

/** One series: a value, or the buckets of a histogram with their sum. */
final class Series {
    private final Metric metric;
    private final Labels labels;
    private final double[] values;
    private final List<SeriesKey> keys = new ArrayList<>();
    private boolean changed;
    private boolean alive = true;
    private long seenMillis;
    private long timestampMillis = MetricPoint.NO_TIMESTAMP;

    Series(Metric metric, Labels labels) {
        this.metric = metric;
        this.labels = labels;
        // Of a histogram: how many fell in each bucket and no lower one, those above all bounds, their sum.
        values = new double[metric.isHistogram() ? metric.bounds().length + 2 : 1];
    }

    Metric metric() {
        return metric;
    }

    Labels labels() {
        return labels;
    }

    double[] values() {
        return values.clone();
    }

    /** Whether the page still shows it. */
    boolean isAlive() {
        return alive;
    }

    void end() {
        alive = false;
    }

    long seenMillis() {
        return seenMillis;
    }

    long timestampMillis() {
        return timestampMillis;
    }

    /** Goes on where an earlier run ended. */
    void restore(double[] saved, long seen, long timestamp) {
        System.arraycopy(saved, 0, values, 0, values.length);
        seenMillis = seen;
        timestampMillis = timestamp;
    }

    void add(double value) {
        values[0] += value;
    }

    void set(double value) {
        values[0] = value;
    }

    void observe(double value) {
        double[] bounds = metric.bounds();
        int i = 0;
        while (i < bounds.length && value > bounds[i]) {
            i++;
        }
        values[i]++;
        values[bounds.length + 1] += value;
    }

    void touch(long nowMillis, long atMillis) {
        seenMillis = nowMillis;
        timestampMillis = atMillis;
    }

    /** Whether this is the first change since {@link #saved}. */
    boolean change() {
        boolean first = !changed;
        changed = true;
        return first;
    }

    void saved() {
        changed = false;
    }

    /** Whether its last record is older than the metric's series live; a clock that was set back renews it. */
    boolean isExpired(long nowMillis) {
        if (seenMillis > nowMillis) {
            seenMillis = nowMillis;
        }
        return metric.ttlMillis() > 0 && nowMillis - seenMillis > metric.ttlMillis();
    }

    void addTo(List<MetricPoint> points) {
        if (keys.isEmpty()) {
            makeKeys();
        }
        if (!metric.isHistogram()) {
            points.add(new MetricPoint(keys.get(0), values[0], timestampMillis));
            return;
        }
        int buckets = metric.bounds().length + 1;
        double total = 0;
        for (int i = 0; i < buckets; i++) {
            total += values[i];
            points.add(new MetricPoint(keys.get(i), total, timestampMillis));
        }
        points.add(new MetricPoint(keys.get(buckets), values[buckets], timestampMillis));
        points.add(new MetricPoint(keys.get(buckets + 1), total, timestampMillis));
    }

    private void makeKeys() {
        String name = metric.name();
        if (!metric.isHistogram()) {
            keys.add(SeriesKey.of(name, labels));
            return;
        }
        for (double bound : metric.bounds()) {
            keys.add(SeriesKey.of(name + "_bucket", labels.with("le", FloatText.formatG(bound))));
        }
        keys.add(SeriesKey.of(name + "_bucket", labels.with("le", "+Inf")));
        keys.add(SeriesKey.of(name + "_sum", labels));
        keys.add(SeriesKey.of(name + "_count", labels));
    }
}
