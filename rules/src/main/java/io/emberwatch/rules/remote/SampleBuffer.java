package io.emberwatch.rules.remote;

import io.emberwatch.rules.store.StoredSeries;
import java.util.Arrays;

/** Samples in their order. */
final class SampleBuffer {
    private StoredSeries[] series = new StoredSeries[64];
    private long[] timestamps = new long[64];
    private double[] values = new double[64];
    private int size;

    void add(StoredSeries of, long timestampMillis, double value) {
        if (size == series.length) {
            series = Arrays.copyOf(series, size * 2);
            timestamps = Arrays.copyOf(timestamps, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        series[size] = of;
        timestamps[size] = timestampMillis;
        values[size++] = value;
    }

    int size() {
        return size;
    }

    StoredSeries series(int index) {
        return series[index];
    }

    long timestampMillis(int index) {
        return timestamps[index];
    }

    double value(int index) {
        return values[index];
    }
}
