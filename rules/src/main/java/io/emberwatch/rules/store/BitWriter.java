package io.emberwatch.rules.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Packs bits into bytes, most significant bit first.
 *
 * <p>Extended by {@link OpenChunk} alone, to save every append a jump to one more object.
 */
class BitWriter {
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final byte[] NOTHING = new byte[0];
    private static final int LEAST_GROWTH = 24;

    private byte[] bytes = NOTHING;
    private int position;
    private long pending;
    private int pendingBits;

    final void clear() {
        position = 0;
        pending = 0;
        pendingBits = 0;
    }

    /** As {@link #clear}, and gives the memory back. */
    final void release() {
        clear();
        bytes = NOTHING;
    }

    /** Writes the lowest {@code count} bits of {@code value}, {@code 0 <= count <= 64}; the bits above must be zero. */
    final void write(long value, int count) {
        int free = Long.SIZE - pendingBits;
        if (count < free) {
            pending |= value << (free - count);
            pendingBits += count;
            return;
        }
        int rest = count - free;
        pending |= value >>> rest;
        spill();
        position += Long.BYTES;
        pending = rest == 0 ? 0 : value << (Long.SIZE - rest);
        pendingBits = rest;
    }

    /** Writes an unsigned number, seven bits to the byte, least significant group first. */
    final void writeVarint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            write((rest & 0x7f) | 0x80, 8);
            rest >>>= 7;
        }
        write(rest, 8);
    }

    final int lengthInBits() {
        return position * Byte.SIZE + pendingBits;
    }

    /** The bytes written so far, the last one filled up with zeros. */
    final byte[] toBytes() {
        spill();
        return Arrays.copyOf(bytes, lengthInBytes());
    }

    /** A reader over what is written so far; of no use any more after the next write. */
    final BitReader reader() {
        spill();
        return new BitReader(bytes, lengthInBytes());
    }

    final int lengthInBytes() {
        return position + (pendingBits + 7) / Byte.SIZE;
    }

    private void spill() {
        if (position + Long.BYTES > bytes.length) {
            // By little: there is one such array for each series that lives.
            bytes = Arrays.copyOf(bytes, bytes.length + Math.max(LEAST_GROWTH, bytes.length / 4));
        }
        LONG.set(bytes, position, pending);
    }
}
