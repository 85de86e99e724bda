package io.emberwatch.rules.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

    /** The series of an id, or null. */
    @Nullable
    StoredSeries byId(int id) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int found = series[middle].id();
            if (found == id) {
                return series[middle];
            }
            if (found < id) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
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
