package io.emberwatch.rules.remote;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the fields of a protobuf message; what is nested is written first and then put in whole. */
final class ProtoWriter {
    private static final int MAX_VARINT = 10;

    private byte[] bytes = new byte[256];
    private int length;

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    /** The array behind; its first {@link #length} bytes count, until the next write. */
    byte[] array() {
        return bytes;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    void text(int field, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        nested(field, encoded, encoded.length);
    }

    void nested(int field, byte[] message, int count) {
        header(field, count);
        raw(message, count);
    }

    /** The beginning of a field whose {@code count} bytes the caller writes next. */
    void header(int field, int count) {
        varint((long) field << 3 | ProtoReader.BYTES);
        varint(count);
    }

    void raw(byte[] message, int count) {
        grow(count);
        System.arraycopy(message, 0, bytes, length, count);
        length += count;
    }

    void number(int field, long value) {
        varint((long) field << 3 | ProtoReader.VARINT);
        varint(value);
    }

    void fixedDouble(int field, double value) {
        varint((long) field << 3 | ProtoReader.FIXED64);
        grow(Long.BYTES);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length, Double.doubleToRawLongBits(value));
        length += Long.BYTES;
    }

    void varint(long value) {
        grow(MAX_VARINT);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    static int varintLength(long value) {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
    }

    private void grow(int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }
}
