package io.emberwatch.rules.store;

/** Reads bits, most significant first. Past the end there are only zeros, so that damaged bytes cannot throw. */
final class BitReader {
    private final byte[] bytes;
    private final int length;
    private int position;

    /** @param length how many of the bytes count */
    BitReader(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /** The next 64 bits, not consumed. */
    long peek() {
        int index = position >>> 3;
        int shift = position & 7;
        if (index + Long.BYTES < length) {
            long high = (long) BitWriter.LONG.get(bytes, index) << shift;
            return shift == 0 ? high : high | ((bytes[index + Long.BYTES] & 0xffL) >>> (8 - shift));
        }
        return peekSlowly(index, shift);
    }

    private long peekSlowly(int index, int shift) {
        long high = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            high = (high << 8) | at(index + i);
        }
        return shift == 0 ? high : (high << shift) | (at(index + Long.BYTES) >>> (8 - shift));
    }

    private long at(int index) {
        return index < length ? bytes[index] & 0xffL : 0;
    }

    void skip(int count) {
        position += count;
    }

    /** The next {@code count} bits, {@code 1 <= count <= 64}. */
    long read(int count) {
        long value = peek() >>> (Long.SIZE - count);
        position += count;
        return value;
    }

    boolean readBit() {
        return read(1) != 0;
    }

    long readVarint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            long group = read(8);
            value |= (group & 0x7f) << shift;
            if (group < 0x80) {
                break;
            }
        }
        return value;
    }

    /** Whether more bits were read than there are. */
    boolean isPastEnd() {
        return position > length * Byte.SIZE;
    }
}
