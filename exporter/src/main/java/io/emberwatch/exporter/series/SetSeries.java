package io.emberwatch.exporter.series;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import java.util.List;

/**
 * A gauge of how many different strings came within a window: the last whole one, or the one under way while there is none.
 * In bounded memory: exact for a few, within about 2 % for many.
 */
public final class SetSeries extends StoredSeries {
    /** What two counts take at most. */
    static final long SKETCH_BYTES = 2 * DistinctCount.MOST_BYTES;

    private final SeriesKey key;
    private final long windowMillis;
    private DistinctCount current = new DistinctCount();
    private long windowEnd = Long.MIN_VALUE;
    private double last = -1;

    SetSeries(String name, Labels labels, long windowMillis) {
        super(name, labels);
        this.key = SeriesKey.of(name, labels);
        this.windowMillis = windowMillis;
    }

    /** Notes a string. */
    public void add(byte[] in, int from, int to, long nowMillis) {
        rotate(nowMillis);
        current.add(ByteHash.of(in, from, to, 0));
        touch(nowMillis);
    }

    private void rotate(long nowMillis) {
        if (windowEnd == Long.MIN_VALUE || windowEnd - nowMillis > windowMillis) {
            windowEnd = nowMillis - Math.floorMod(nowMillis, windowMillis) + windowMillis;
        }
        if (nowMillis >= windowEnd) {
            last = nowMillis - windowEnd < windowMillis ? current.count() : 0;
            current = new DistinctCount();
            windowEnd = nowMillis - Math.floorMod(nowMillis, windowMillis) + windowMillis;
        }
    }

    @Override
    MetricType type() {
        return MetricType.GAUGE;
    }

    @Override
    long sketchBytes() {
        return SKETCH_BYTES;
    }

    @Override
    int lines() {
        return 1;
    }

    @Override
    void show(long nowMillis, List<MetricPoint> out) {
        rotate(nowMillis);
        out.add(MetricPoint.of(key, last < 0 ? current.count() : last));
    }
}
