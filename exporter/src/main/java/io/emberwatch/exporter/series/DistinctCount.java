package io.emberwatch.exporter.series;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts different hashes in bounded memory: exactly up to {@value #MOST_EXACT}, beyond that by HyperLogLog (Flajolet et al.,
 * 2007) with {@value #REGISTERS} registers.
 */
final class DistinctCount {
    static final int MOST_EXACT = 1024;
    /** The table of the most that are counted exactly. */
    static final long MOST_BYTES = 2L * Long.BYTES * MOST_EXACT;

    private static final int FIRST_LENGTH = 16;
    private static final int INDEX_BITS = 12;
    private static final int REGISTERS = 1 << INDEX_BITS;
    private static final double ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

    private long[] exact = new long[FIRST_LENGTH];
    private int size;
    private byte @Nullable [] registers;

    void add(long hash) {
        long nonZero = hash == 0 ? 1 : hash;
        byte[] sketch = registers;
        if (sketch != null) {
            register(sketch, nonZero);
            return;
        }
        if (put(exact, nonZero)) {
            size++;
            if (size > MOST_EXACT) {
                sketch = new byte[REGISTERS];
                for (long known : exact) {
                    if (known != 0) {
                        register(sketch, known);
                    }
                }
                registers = sketch;
                exact = new long[0];
            } else if (2 * size > exact.length) {
                long[] old = exact;
                exact = new long[2 * old.length];
                Arrays.stream(old).filter(known -> known != 0).forEach(known -> put(exact, known));
            }
        }
    }

    private static boolean put(long[] table, long hash) {
        int slot = (int) (hash >>> 32) & (table.length - 1);
        while (table[slot] != 0) {
            if (table[slot] == hash) {
                return false;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = hash;
        return true;
    }

    private static void register(byte[] sketch, long hash) {
        int index = (int) (hash >>> (Long.SIZE - INDEX_BITS));
        int rank = 1 + Math.min(Long.SIZE - INDEX_BITS, Long.numberOfLeadingZeros(hash << INDEX_BITS));
        sketch[index] = (byte) Math.max(sketch[index], rank);
    }

    double count() {
        byte[] sketch = registers;
        if (sketch == null) {
            return size;
        }
        double sum = 0;
        int empty = 0;
        for (byte rank : sketch) {
            sum += 1.0 / (1L << rank);
            empty += rank == 0 ? 1 : 0;
        }
        double estimate = ALPHA * REGISTERS * REGISTERS / sum;
        boolean few = estimate <= 2.5 * REGISTERS && empty > 0;
        return Math.rint(few ? REGISTERS * Math.log((double) REGISTERS / empty) : estimate);
    }
}
