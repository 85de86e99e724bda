package io.emberwatch.push.message;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A map from series, that is measurement, field and tags of a message, asked with the message itself so that asking
 * costs no allocation. Not safe for several threads.
 */
public final class SeriesMap<V> {
    private static final int FIRST_LENGTH = 64;

    private @Nullable Entry<V>[] table = newTable(FIRST_LENGTH);
    private int size;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made otherwise
    private static <V> @Nullable Entry<V>[] newTable(int length) {
        return (@Nullable Entry<V>[]) new @Nullable Entry[length];
    }

    private static int hash(InternalReader message) {
        return ByteHash.of(
                message.keyBytes(),
                message.keyStart(),
                message.keyEnd(),
                message.valueBytes(),
                message.tagsStart(),
                message.tagsEnd());
    }

    /** What was added for the series of the message, or null. */
    public @Nullable V find(InternalReader message) {
        int hash = hash(message);
        int slot = hash & (table.length - 1);
        for (Entry<V> entry = table[slot]; entry != null; entry = table[slot]) {
            if (entry.hash == hash && entry.isOf(message)) {
                return entry.value;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        return null;
    }

    /** Adds what {@link #find} did not find; returns it. */
    public V add(InternalReader message, V value) {
        if (2 * (size + 1) > table.length) {
            rebuild(2 * table.length, entry -> true);
        }
        place(new Entry<>(hash(message), message, value));
        return value;
    }

    public int size() {
        return size;
    }

    public void forEach(Consumer<V> action) {
        for (Entry<V> entry : table) {
            if (entry != null) {
                action.accept(entry.value);
            }
        }
    }

    /** Removes what the condition holds for. */
    public void removeIf(Predicate<V> condition) {
        rebuild(table.length, value -> !condition.test(value));
    }

    private void rebuild(int length, Predicate<V> kept) {
        @Nullable Entry<V>[] old = table;
        table = newTable(length);
        size = 0;
        for (Entry<V> entry : old) {
            if (entry != null && kept.test(entry.value)) {
                place(entry);
            }
        }
    }

    private void place(Entry<V> entry) {
        int slot = entry.hash & (table.length - 1);
        while (table[slot] != null) {
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = entry;
        size++;
    }

    private static final class Entry<V> {
        final int hash;
        final byte[] key;
        final byte[] tags;
        final V value;

        Entry(int hash, InternalReader message, V value) {
            this.hash = hash;
            this.key = Arrays.copyOfRange(message.keyBytes(), message.keyStart(), message.keyEnd());
            this.tags = Arrays.copyOfRange(message.valueBytes(), message.tagsStart(), message.tagsEnd());
            this.value = value;
        }

        boolean isOf(InternalReader message) {
            return Arrays.equals(tags, 0, tags.length, message.valueBytes(), message.tagsStart(), message.tagsEnd())
                    && Arrays.equals(key, 0, key.length, message.keyBytes(), message.keyStart(), message.keyEnd());
        }
    }
}
