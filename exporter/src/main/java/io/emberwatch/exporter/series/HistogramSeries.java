package io.emberwatch.exporter.series;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.text.FloatText;
import java.util.Arrays;
import java.util.List;

/** Observations counted by bucket. A sampled observation counts as many times as it stands for, fractions included. */
public final class HistogramSeries extends StoredSeries {
    private final double[] bounds;
    private final double[] counts;
    private final SeriesKey[] buckets;
    private final SeriesKey sumKey;
    private final SeriesKey countKey;
    private double sum;

    /** @param bounds upper bounds, ascending, without infinity */
    HistogramSeries(String name, Labels labels, double[] bounds) {
        super(name, labels);
        this.bounds = bounds.clone();
        counts = new double[bounds.length + 1];
        buckets = new SeriesKey[counts.length];
        for (int i = 0; i < buckets.length; i++) {
            String bound = i < bounds.length ? FloatText.formatV(bounds[i]) : "+Inf";
            buckets[i] = SeriesKey.of(name + "_bucket", labels.with("le", bound));
        }
        sumKey = SeriesKey.of(name + "_sum", labels);
        countKey = SeriesKey.of(name + "_count", labels);
    }

    /** @param weight how many observations this one stands for, positive */
    public void observe(double value, double weight, long nowMillis) {
        int at = Arrays.binarySearch(bounds, value);
        // A bound belongs to its own bucket; what is not a number is in none but the last.
        counts[at >= 0 ? at : -1 - at] += weight;
        sum += value * weight;
        touch(nowMillis);
    }

    @Override
    MetricType type() {
        return MetricType.HISTOGRAM;
    }

    @Override
    int lines() {
        return buckets.length + 2;
    }

    @Override
    void show(long nowMillis, List<MetricPoint> out) {
        double count = 0;
        for (int i = 0; i < counts.length; i++) {
            count += counts[i];
            out.add(MetricPoint.of(buckets[i], count));
        }
        out.add(MetricPoint.of(sumKey, sum));
        out.add(MetricPoint.of(countKey, count));
    }
}
