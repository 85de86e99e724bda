package io.emberwatch.exporter.series;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import java.util.List;

/** A series in a {@link SeriesTable}; whoever touches it holds the table's monitor. */
public abstract sealed class StoredSeries permits ValueSeries, HistogramSeries, SummarySeries, SetSeries {
    private final String name;
    private final Labels labels;
    private long touchedMillis;
    private long ttlMillis;
    private boolean live = true;

    StoredSeries(String name, Labels labels) {
        this.name = name;
        this.labels = labels;
    }

    /** The name of the metric. */
    public final String name() {
        return name;
    }

    public final Labels labels() {
        return labels;
    }

    /** Whether it is still in its table. One that is not must be asked for again. */
    public final boolean isLive() {
        return live;
    }

    final void remove() {
        live = false;
    }

    /** Notes that a sample came for it. */
    public final void touch(long nowMillis) {
        touchedMillis = nowMillis;
    }

    /** @param millis how long it stays without a sample; 0 for ever */
    final void ttl(long millis) {
        ttlMillis = millis;
    }

    /** Makes it no younger than now, after the clock was set back, so that it does not stay until the old time comes. */
    final void settleClock(long nowMillis) {
        touchedMillis = Math.min(touchedMillis, nowMillis);
    }

    final boolean isExpired(long nowMillis) {
        return ttlMillis > 0 && nowMillis - touchedMillis > ttlMillis;
    }

    abstract MetricType type();

    /** How many sample lines it makes. */
    abstract int lines();

    /** How much memory it may take beside its lines. */
    long sketchBytes() {
        return 0;
    }

    /** Adds its sample lines. */
    abstract void show(long nowMillis, List<MetricPoint> out);
}
