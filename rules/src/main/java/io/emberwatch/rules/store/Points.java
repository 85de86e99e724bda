package io.emberwatch.rules.store;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import java.util.Arrays;

/** Timestamps and values as they are read; grows as needed and is used again for the next series. */
final class Points {
    private static final int FIRST_SIZE = 128;

    private long[] timestamps = new long[FIRST_SIZE];
    private double[] values = new double[FIRST_SIZE];
    private int size;

    void clear() {
        size = 0;
    }

    void add(long timestampMillis, double value) {
        if (size == timestamps.length) {
            timestamps = Arrays.copyOf(timestamps, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        timestamps[size] = timestampMillis;
        values[size++] = value;
    }

    int size() {
        return size;
    }

    long timestamp(int index) {
        return timestamps[index];
    }

    double value(int index) {
        return values[index];
    }

    /** Keeps only the last point. */
    void keepLast() {
        if (size > 1) {
            timestamps[0] = timestamps[size - 1];
            values[0] = values[size - 1];
            size = 1;
        }
    }

    Series toSeries(Labels labels) {
        return new Series(labels, Arrays.copyOf(timestamps, size), Arrays.copyOf(values, size));
    }
}
