package io.emberwatch.exporter.series;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;

/** Hashes of byte strings, eight bytes at a time, under a seed of this process so that nobody can choose collisions. */
final class ByteHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long SEED = ThreadLocalRandom.current().nextLong();
    private static final long MULTIPLIER = ThreadLocalRandom.current().nextLong() | 1;

    private ByteHash() {}

    static long of(byte[] in, int from, int to, long start) {
        long hash = SEED ^ start ^ (to - from);
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(in, i));
        }
        long rest = 0;
        for (; i < to; i++) {
            rest = (rest << 8) | (in[i] & 0xff);
        }
        return mix(hash ^ rest);
    }

    private static long mix(long value) {
        return value * MULTIPLIER ^ Math.multiplyHigh(value, MULTIPLIER);
    }
}
