package io.emberwatch.exporter.series;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import java.util.List;

/** A series of one value: a gauge, a counter, or of no known type. */
public final class ValueSeries extends StoredSeries {
    private final MetricType type;
    private final SeriesKey key;
    private double value;
    private long version;
    private long timestampMillis = MetricPoint.NO_TIMESTAMP;

    ValueSeries(String name, MetricType type, Labels labels) {
        super(name, labels);
        this.type = type;
        this.key = SeriesKey.of(name, labels);
    }

    /** Sets the value. */
    public void set(double newValue, long nowMillis) {
        value = newValue;
        touch(nowMillis);
    }

    /**
     * Sets the value unless it was set with a later version.
     *
     * @param timestamp the time that the page shows with the value, {@link MetricPoint#NO_TIMESTAMP} for none
     */
    public void setIfNewer(double newValue, long newVersion, long nowMillis, long timestamp) {
        if (newVersion >= version) {
            version = newVersion;
            timestampMillis = timestamp;
            set(newValue, nowMillis);
        }
    }

    /** Adds to the value. */
    public void add(double more, long nowMillis) {
        value += more;
        touch(nowMillis);
    }

    public double value() {
        return value;
    }

    @Override
    MetricType type() {
        return type;
    }

    @Override
    int lines() {
        return 1;
    }

    @Override
    void show(long nowMillis, List<MetricPoint> out) {
        out.add(new MetricPoint(key, value, timestampMillis));
    }
}
