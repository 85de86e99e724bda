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
    private static final byte[] NO_KEY = {};

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

    /**
     * What was put for each of several keys, in steps that each wait for memory but once.
     *
     * @param found takes what was put for each, or null
     */
    public void findAll(Several<V> keys, byte[] in, @Nullable V[] found) {
        long[] known = hashes;
        int mask = known.length - 1;
        int count = keys.count;
        for (int i = 0; i < count; i++) {
            long hash = keys.hashes[i];
            int slot = (int) hash & mask;
            while (known[slot] != hash && known[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            keys.slots[i] = slot;
        }
        for (int i = 0; i < count; i++) {
            keys.entries[i] = table[keys.slots[i]];
        }
        int sum = 0;
        for (int i = 0; i < count; i++) {
            Entry<V> entry = keys.entries[i];
            sum += entry == null ? 0 : entry.kind;
        }
        for (int i = 0; i < count; i++) {
            Entry<V> entry = keys.entries[i];
            sum += entry == null || entry.key.length == 0 ? 0 : entry.key[entry.key.length - 1];
        }
        keys.touched = sum; // so that nobody finds the reading useless
        for (int i = 0; i < count; i++) {
            Entry<V> entry = keys.entries[i];
            keys.entries[i] = null;
            found[i] = entry != null
                            && entry.kind == 0
                            && Arrays.equals(entry.key, 0, entry.key.length, in, keys.from[i], keys.to[i])
                    ? entry.value
                    : null;
        }
    }

    /** Keys to be looked for together, all of kind 0. A key whose hash another has too may be missed. */
    public static final class Several<V> {
        private final int[] from;
        private final int[] to;
        private final int[] slots;
        private final long[] hashes;
        private final @Nullable Entry<V>[] entries;
        private int count;
        private int touched;

        /** @param most how many at once */
        public Several(int most) {
            from = new int[most];
            to = new int[most];
            slots = new int[most];
            hashes = new long[most];
            entries = newTable(most);
        }

        public void clear() {
            count = 0;
        }

        /** The bytes of another key; there must be room. */
        public void add(byte[] in, int start, int end) {
            from[count] = start;
            to[count] = end;
            hashes[count] = hash(in, start, end, 0);
            count++;
        }

        @Override
        public String toString() {
            return count + " keys, " + touched;
        }
    }

    // 0 marks a free slot.
    private static long hash(byte[] in, int from, int to, int kind) {
        long hash = ByteHash.of(in, from, to, kind);
        return hash == 0 ? 1 : hash;
    }

    /**
     * Puts what {@link #find} did not find.
     *
     * @return the key that is kept, not to be changed; empty when it is too long to be kept
     */
    public byte[] put(byte[] in, int from, int to, int kind, V value) {
        if (to - from > maxKeyBytes) {
            return NO_KEY;
        }
        if (size >= maxSize) {
            clear();
            clearings++;
        }
        if (2 * (size + 1) > table.length) {
            rebuild(2 * table.length, any -> true);
        }
        byte[] key = Arrays.copyOfRange(in, from, to);
        place(new Entry<>(hash(in, from, to, kind), kind, key, value));
        return key;
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
