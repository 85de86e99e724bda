package io.emberwatch.rules.store;

import java.util.Arrays;

/** The series that carry one label value: in the order of their ids. Guarded by the lock of the index. */
final class Postings {
    private final String value;
    private StoredSeries[] series = new StoredSeries[2];
    private int size;

    Postings(String value) {
        this.value = value;
    }

    /** The label value; the instance that all series share. */
    String value() {
        return value;
    }

    /** Adds a series whose id is above all there are. */
    void add(StoredSeries newest) {
        if (size == series.length) {
            series = Arrays.copyOf(series, size * 2);
        }
        series[size++] = newest;
    }

    int size() {
        return size;
    }

    StoredSeries get(int index) {
        return series[index];
    }

    void removeEnded() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!series[i].isRemoved()) {
                series[kept++] = series[i];
            }
        }
        Arrays.fill(series, kept, size, null);
        size = kept;
    }
}
