package io.emberwatch.exporter.series;

import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds what belongs to the bytes by which a line names its series, so that names are read once and not with every line.
 * Asking costs no allocation. Not safe for several threads.
 *
 * <p>Bounded: when it is full it is emptied, and fills again with what is in use.
 */
public final class RawIndex<V> {
    private static final int FIRST_LENGTH = 64;

    private final int maxSize;
    private final int maxKeyBytes;
    // Apart from the entries, so that looking for a slot stays within little memory.
    private long[] hashes = new long[FIRST_LENGTH];
    private @Nullable Entry<V>[] table = newTable(FIRST_LENGTH);
    private int size;
    private int clearings;

    /**
     * @param maxSize how many it remembers
     * @param maxKeyBytes longer keys are not remembered
     */
    public RawIndex(int maxSize, int maxKeyBytes) {
        this.maxSize = maxSize;
        this.maxKeyBytes = maxKeyBytes;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made otherwise
    private static <V> @Nullable Entry<V>[] newTable(int length) {
        return (@Nullable Entry<V>[]) new @Nullable Entry[length];
    }

    /**
     * What was put for these bytes, or null.
     *
     * @param kind what else tells two keys of the same bytes apart
     */
    public @Nullable V find(byte[] in, int from, int to, int kind) {
        long hash = hash(in, from, to, kind);
        long[] known = hashes;
        int mask = known.length - 1;
        int slot = (int) hash & mask;
        while (known[slot] != 0) {
            if (known[slot] == hash) {
                Entry<V> entry = table[slot];
                if (entry != null
                        && entry.kind == kind
                        && Arrays.equals(entry.key, 0, entry.key.length, in, from, to)) {
                    return entry.value;
                }
            }
            slot = (slot + 1) & mask;
        }
        return null;
    }

    // 0 marks a free slot.
    private static long hash(byte[] in, int from, int to, int kind) {
        long hash = ByteHash.of(in, from, to, kind);
        return hash == 0 ? 1 : hash;
    }

    /** Puts what {@link #find} did not find. */
    public void put(byte[] in, int from, int to, int kind, V value) {
        if (to - from > maxKeyBytes) {
            return;
        }
        if (size >= maxSize) {
            clear();
            clearings++;
        }
        if (2 * (size + 1) > table.length) {
            rebuild(2 * table.length, any -> true);
        }
        place(new Entry<>(hash(in, from, to, kind), kind, Arrays.copyOfRange(in, from, to), value));
    }

    /** Forgets what the condition holds for. */
    public void removeIf(Predicate<? super V> condition) {
        rebuild(table.length, value -> !condition.test(value));
    }

    public void clear() {
        hashes = new long[FIRST_LENGTH];
        table = newTable(FIRST_LENGTH);
        size = 0;
    }

    public int size() {
        return size;
    }

    /** How often it was full. */
    public int clearings() {
        return clearings;
    }

    private void rebuild(int length, Predicate<V> kept) {
        @Nullable Entry<V>[] old = table;
        hashes = new long[length];
        table = newTable(length);
        size = 0;
        for (Entry<V> entry : old) {
            if (entry != null && kept.test(entry.value)) {
                place(entry);
            }
        }
    }

    private void place(Entry<V> entry) {
        int slot = (int) entry.hash & (table.length - 1);
        while (table[slot] != null) {
            slot = (slot + 1) & (table.length - 1);
        }
        hashes[slot] = entry.hash;
        table[slot] = entry;
        size++;
    }

    private static final class Entry<V> {
        final long hash;
        final int kind;
        final byte[] key;
        final V value;

        Entry(long hash, int kind, byte[] key, V value) {
            this.hash = hash;
            this.kind = kind;
            this.key = key;
            this.value = value;
        }
    }
}
