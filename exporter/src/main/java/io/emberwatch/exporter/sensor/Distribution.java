package io.emberwatch.exporter.sensor;

import io.emberwatch.exporter.sensor.FieldConfig.DistributionConfig;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.text.FloatText;
import java.util.ArrayList;
import java.util.List;

/**
 * A histogram of equal buckets. Its first bucket holds what lies at or below the range, so that those after it are
 * the range and nothing else.
 */
final class Distribution {
    private final double[] bounds;
    private final long[] counts;
    private final SeriesKey[] buckets;
    private final SeriesKey sumKey;
    private final SeriesKey countKey;
    private double sum;

    Distribution(DistributionConfig config, String metric, Labels labels) {
        int edges = config.buckets() + 1;
        bounds = new double[edges];
        counts = new long[edges + 1];
        buckets = new SeriesKey[edges + 1];
        for (int i = 0; i < edges; i++) {
            bounds[i] = config.from() + (config.to() - config.from()) * i / config.buckets();
            buckets[i] = bucket(metric, labels, FloatText.formatG(bounds[i]));
        }
        buckets[edges] = bucket(metric, labels, "+Inf");
        sumKey = SeriesKey.of(metric + "_sum", labels);
        countKey = SeriesKey.of(metric + "_count", labels);
    }

    private static SeriesKey bucket(String metric, Labels labels, String bound) {
        return SeriesKey.of(metric + "_bucket", labels.with("le", bound));
    }

    void add(double value) {
        int i = 0;
        while (i < bounds.length && value > bounds[i]) {
            i++;
        }
        counts[i]++;
        sum += value;
    }

    List<MetricPoint> points() {
        List<MetricPoint> points = new ArrayList<>(buckets.length + 2);
        long total = 0;
        for (int i = 0; i < buckets.length; i++) {
            total += counts[i];
            points.add(MetricPoint.of(buckets[i], total));
        }
        points.add(MetricPoint.of(sumKey, sum));
        points.add(MetricPoint.of(countKey, total));
        return points;
    }
}
