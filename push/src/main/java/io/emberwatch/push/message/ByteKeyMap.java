package io.emberwatch.push.message;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A map from byte strings that is asked with a part of an array, so that asking costs no allocation. Emptied when it
 * reaches its bound. Not safe for several threads.
 */
public final class ByteKeyMap<V> {
    private final int bound;
    private @Nullable Entry<V>[] table;
    private int size;

    /** @param bound entries held, at most */
    public ByteKeyMap(int bound) {
        this.bound = bound;
        this.table = newTable(16);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made otherwise
    private static <V> @Nullable Entry<V>[] newTable(int length) {
        return (@Nullable Entry<V>[]) new @Nullable Entry[length];
    }

    /** The value of {@code in[from, to)}, or null. */
    public @Nullable V find(byte[] in, int from, int to) {
        int hash = ByteHash.of(in, from, to);
        int slot = hash & (table.length - 1);
        for (Entry<V> entry = table[slot]; entry != null; entry = table[slot]) {
            if (entry.hash == hash && Arrays.equals(entry.key, 0, entry.key.length, in, from, to)) {
                return entry.value;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        return null;
    }

    /** Adds what {@link #find} did not find; returns it. */
    public V add(byte[] in, int from, int to, V value) {
        if (size == bound) {
            table = newTable(16);
            size = 0;
        }
        put(new Entry<>(ByteHash.of(in, from, to), Arrays.copyOfRange(in, from, to), value));
        return value;
    }

    private void put(Entry<V> added) {
        if (2 * ++size > table.length) {
            @Nullable Entry<V>[] old = table;
            table = newTable(2 * old.length);
            for (Entry<V> entry : old) {
                if (entry != null) {
                    place(entry);
                }
            }
        }
        place(added);
    }

    private void place(Entry<V> entry) {
        int slot = entry.hash & (table.length - 1);
        while (table[slot] != null) {
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = entry;
    }

    private static final class Entry<V> {
        final int hash;
        final byte[] key;
        final V value;

        Entry(int hash, byte[] key, V value) {
            this.hash = hash;
            this.key = key;
            this.value = value;
        }
    }
}
