package io.emberwatch.exporter.lineprotocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The field keys of a series in the order of its lines, as bytes; one for all series whose lines look the same, so that the
 * keys stay close at hand.
 */
final class FieldLayout {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static final FieldLayout EMPTY = new FieldLayout(new byte[0][]);

    private final byte[][] keys;

    private FieldLayout(byte[][] keys) {
        this.keys = keys;
    }

    int size() {
        return keys.length;
    }

    /** Whether the field at {@code index} has this key. */
    boolean has(int index, byte[] in, int from, int to) {
        if (index >= keys.length) {
            return false;
        }
        byte[] key = keys[index];
        int length = to - from;
        if (key.length != length) {
            return false;
        }
        // Keys are a few bytes long: this is cheaper than a call.
        for (int i = 0; i < length; i++) {
            if (key[i] != in[from + i]) {
                return false;
            }
        }
        return true;
    }

    /** The offset of the equals sign behind the key at {@code index} when that stands at {@code from}; -1 otherwise. */
    int keyEnd(int index, byte[] in, int from, int to) {
        if (index >= keys.length) {
            return -1;
        }
        byte[] key = keys[index];
        int end = from + key.length;
        if (end >= to || in[end] != '=') {
            return -1;
        }
        int i = 0;
        for (; i + Long.BYTES <= key.length; i += Long.BYTES) {
            if ((long) LONGS.get(key, i) != (long) LONGS.get(in, from + i)) {
                return -1;
            }
        }
        for (; i < key.length; i++) {
            if (key[i] != in[from + i]) {
                return -1;
            }
        }
        return end;
    }

    /** The index of a key, or -1. */
    int find(byte[] in, int from, int to) {
        for (int i = 0; i < keys.length; i++) {
            if (has(i, in, from, to)) {
                return i;
            }
        }
        return -1;
    }

    /** This layout with one more key at its end. */
    FieldLayout with(byte[] in, int from, int to) {
        byte[][] more = Arrays.copyOf(keys, keys.length + 1);
        more[keys.length] = Arrays.copyOfRange(in, from, to);
        return new FieldLayout(more);
    }

    /** All keys as one text, different for every layout: an equals sign cannot stand in a key without a backslash. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (byte[] key : keys) {
            text.append(new String(key, StandardCharsets.ISO_8859_1)).append('=');
        }
        return text.toString();
    }
}
