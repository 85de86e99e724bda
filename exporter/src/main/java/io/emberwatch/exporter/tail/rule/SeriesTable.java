package io.emberwatch.exporter.tail.rule;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds a rule's series by the bytes of its fields, without making text of them. Forgets everything when it is full. */
final class SeriesTable {
    private static final int FIRST_SIZE = 64;

    private final int mostEntries;
    private byte[][] keys = new byte[FIRST_SIZE][];
    private @Nullable Series[] found = new Series[FIRST_SIZE];
    private int entries;

    SeriesTable(int mostEntries) {
        this.mostEntries = mostEntries;
    }

    /** @param length how many bytes of {@code key} count */
    @Nullable
    Series find(byte[] key, int length) {
        int mask = keys.length - 1;
        for (int i = hash(key, length) & mask; keys[i] != null; i = (i + 1) & mask) {
            if (Arrays.equals(keys[i], 0, keys[i].length, key, 0, length)) {
                return found[i];
            }
        }
        return null;
    }

    void put(byte[] key, int length, Series series) {
        if (entries >= mostEntries) {
            clear();
        } else if (2 * entries >= keys.length) {
            grow();
        }
        insert(Arrays.copyOf(key, length), series);
    }

    void clear() {
        keys = new byte[FIRST_SIZE][];
        found = new Series[FIRST_SIZE];
        entries = 0;
    }

    private void grow() {
        byte[][] oldKeys = keys;
        @Nullable Series[] oldFound = found;
        keys = new byte[2 * oldKeys.length][];
        found = new Series[2 * oldKeys.length];
        entries = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            Series series = oldFound[i];
            if (series != null) {
                insert(oldKeys[i], series);
            }
        }
    }

    private void insert(byte[] key, Series series) {
        int mask = keys.length - 1;
        int i = hash(key, key.length) & mask;
        while (keys[i] != null && !Arrays.equals(keys[i], key)) {
            i = (i + 1) & mask;
        }
        entries += keys[i] == null ? 1 : 0;
        keys[i] = key;
        found[i] = series;
    }

    private static int hash(byte[] key, int length) {
        int hash = 0x811c9dc5; // FNV-1a
        for (int i = 0; i < length; i++) {
            hash = (hash ^ key[i]) * 0x01000193;
        }
        return hash ^ hash >>> 15;
    }
}
