package io.emberwatch.exporter.sensor;

import io.emberwatch.model.MetricNames;
import io.emberwatch.model.MetricType;
import io.emberwatch.service.config.Default;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One value of a sensor's line.
 *
 * @param name names the value in logs and in the label {@code error="error.<name>"}
 * @param metric the metric's name; without one {@code sensor_<name>}, and {@code _total} behind it for a counter
 * @param distribution makes a histogram {@code <metric>_distribution} of the values as well
 * @param repeats makes a gauge {@code <metric>_repeats}: how often the most frequent value came within this time, at most
 *     the last {@value RepeatWindow#MAX_VALUES} values counted
 */
public record FieldConfig(
        String name,
        @Nullable String metric,
        @Default("gauge") Type type,
        @Default("''") String help,
        @Nullable DistributionConfig distribution,
        @Nullable Duration repeats) {
    /** What a value is; its kind decides how it may be used in queries. */
    public enum Type {
        GAUGE(MetricType.GAUGE),
        COUNTER(MetricType.COUNTER);

        private final MetricType metricType;

        Type(MetricType metricType) {
            this.metricType = metricType;
        }

        MetricType metricType() {
            return metricType;
        }
    }

    public FieldConfig {
        if (!MetricNames.isLabelName(name)) {
            throw new IllegalArgumentException("name: " + name + " is not made of letters, digits and underscores");
        }
        if (metric != null && !MetricNames.isMetricName(metric)) {
            throw new IllegalArgumentException("metric: " + metric + " is not a metric name");
        }
        if (repeats != null && (repeats.isNegative() || repeats.isZero())) {
            throw new IllegalArgumentException("repeats: must be longer than nothing");
        }
    }

    /** The name of the metric. */
    public String metricName() {
        if (metric != null) {
            return metric;
        }
        boolean suffix = type == Type.COUNTER && !name.endsWith("_total");
        return "sensor_" + name + (suffix ? "_total" : "");
    }

    /**
     * Buckets of equal width.
     *
     * @param from where the first begins
     * @param to where the last ends
     * @param buckets how many, 1 to 200
     */
    public record DistributionConfig(
            double from, double to, @Default("10") int buckets) {
        public DistributionConfig {
            if (!(from < to) || Double.isInfinite(to - from)) {
                throw new IllegalArgumentException("from: must be less than to, and both finite");
            }
            if (buckets < 1 || buckets > 200) {
                throw new IllegalArgumentException("buckets: must be a number from 1 to 200");
            }
        }
    }
}
