package io.emberwatch.exporter.series;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.text.FloatText;
import java.util.List;

/**
 * Quantiles of the observations of the last {@code maxAge}, with the sum and count of all.
 *
 * <p>The time is cut into slices with a {@link TDigest} each; the oldest slice is emptied when its time has come. Memory is
 * bounded whatever comes.
 */
public final class SummarySeries extends StoredSeries {
    private final double[] quantiles;
    private final SeriesKey[] keys;
    private final SeriesKey sumKey;
    private final SeriesKey countKey;
    private final TDigest[] slices;
    private final long sliceMillis;
    private int current;
    private long sliceEnd = Long.MIN_VALUE;
    private double sum;
    private double count;

    SummarySeries(String name, Labels labels, SummaryShape shape) {
        super(name, labels);
        quantiles = shape.quantiles().stream().mapToDouble(Double::doubleValue).toArray();
        keys = new SeriesKey[quantiles.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = SeriesKey.of(name, labels.with("quantile", FloatText.formatV(quantiles[i])));
        }
        sumKey = SeriesKey.of(name + "_sum", labels);
        countKey = SeriesKey.of(name + "_count", labels);
        slices = new TDigest[shape.ageBuckets()];
        for (int i = 0; i < slices.length; i++) {
            slices[i] = new TDigest();
        }
        sliceMillis = Math.max(1, shape.maxAge().toMillis() / slices.length);
    }

    /** @param weight how many observations this one stands for, positive */
    public void observe(double value, double weight, long nowMillis) {
        rotate(nowMillis);
        slices[current].add(value, weight);
        sum += value * weight;
        count += weight;
        touch(nowMillis);
    }

    private void rotate(long nowMillis) {
        if (sliceEnd == Long.MIN_VALUE || sliceEnd - nowMillis > sliceMillis) {
            sliceEnd = nowMillis + sliceMillis; // the first, or the clock was set back
        }
        if (nowMillis < sliceEnd) {
            return;
        }
        long passed = 1 + (nowMillis - sliceEnd) / sliceMillis;
        for (long i = 0; i < Math.min(passed, slices.length); i++) {
            current = (current + 1) % slices.length;
            slices[current].clear();
        }
        sliceEnd += passed * sliceMillis;
    }

    @Override
    MetricType type() {
        return MetricType.SUMMARY;
    }

    /** How much the digests of a shape may take. */
    static long sketchBytes(SummaryShape shape) {
        return shape.ageBuckets() * TDigest.MOST_BYTES;
    }

    @Override
    long sketchBytes() {
        return slices.length * TDigest.MOST_BYTES;
    }

    @Override
    int lines() {
        return keys.length + 2;
    }

    @Override
    void show(long nowMillis, List<MetricPoint> out) {
        rotate(nowMillis);
        TDigest all = new TDigest();
        for (TDigest slice : slices) {
            all.add(slice);
        }
        for (int i = 0; i < quantiles.length; i++) {
            out.add(MetricPoint.of(keys[i], all.quantile(quantiles[i])));
        }
        out.add(MetricPoint.of(sumKey, sum));
        out.add(MetricPoint.of(countKey, count));
    }
}
