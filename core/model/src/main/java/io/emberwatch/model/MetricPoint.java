package io.emberwatch.model;

import java.util.Objects;

/**
 * One sample line of a metric family.
 *
 * @param key the sample's own name ({@code x_bucket}, {@code x_sum} …) and labels
 * @param timestampMillis milliseconds since the Unix epoch, or {@link #NO_TIMESTAMP}
 */
public record MetricPoint(SeriesKey key, double value, long timestampMillis) {
    /** The sample was taken now; the scraper stamps it. */
    public static final long NO_TIMESTAMP = Long.MIN_VALUE;

    public MetricPoint {
        Objects.requireNonNull(key, "key");
    }

    public static MetricPoint of(SeriesKey key, double value) {
        return new MetricPoint(key, value, NO_TIMESTAMP);
    }

    public static MetricPoint of(String name, Labels labels, double value) {
        return of(SeriesKey.of(name, labels), value);
    }

    public boolean hasTimestamp() {
        return timestampMillis != NO_TIMESTAMP;
    }
}
