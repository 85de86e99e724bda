package io.emberwatch.push.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Hashes of byte strings, eight bytes at a time; for tables in memory only. */
final class ByteHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    // The golden ratio in 64 bits, as in splitmix64: odd, its bits well spread.
    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

    private ByteHash() {}

    static int of(byte[] in, int from, int to) {
        long hash = continued(0, in, from, to);
        return (int) (hash ^ (hash >>> 32));
    }

    static int of(byte[] first, int firstFrom, int firstTo, byte[] second, int secondFrom, int secondTo) {
        long hash = continued(continued(0, first, firstFrom, firstTo), second, secondFrom, secondTo);
        return (int) (hash ^ (hash >>> 32));
    }

    private static long continued(long seed, byte[] in, int from, int to) {
        long hash = seed + (to - from);
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            hash = (hash ^ (long) LONGS.get(in, i)) * MULTIPLIER;
            hash ^= hash >>> 29;
        }
        long rest = 0;
        for (; i < to; i++) {
            rest = (rest << 8) | (in[i] & 0xff);
        }
        hash = (hash ^ rest) * MULTIPLIER;
        return hash ^ (hash >>> 29);
    }
}
