package io.emberwatch.rules.store;

/**
 * Timestamps as differences of differences in a prefix code: one bit when a sample comes as far after the last as that
 * one did (Pelkonen et al., "Gorilla: A Fast, Scalable, In-Memory Time Series Database", VLDB 2015, §4.1.1, with widths
 * for milliseconds).
 */
final class TimeBits {
    private static final int SHORT = 7;
    private static final int MEDIUM = 12;
    private static final int LONG = 20;

    private TimeBits() {}

    static void write(BitWriter out, long deltaOfDelta) {
        if (deltaOfDelta == 0) {
            out.write(0, 1);
        } else if (fits(deltaOfDelta, SHORT)) {
            out.write(0b10, 2);
            out.write(biased(deltaOfDelta, SHORT), SHORT);
        } else if (fits(deltaOfDelta, MEDIUM)) {
            out.write(0b110, 3);
            out.write(biased(deltaOfDelta, MEDIUM), MEDIUM);
        } else if (fits(deltaOfDelta, LONG)) {
            out.write(0b1110, 4);
            out.write(biased(deltaOfDelta, LONG), LONG);
        } else {
            out.write(0b1111, 4);
            out.write(deltaOfDelta, Long.SIZE);
        }
    }

    static long read(BitReader in) {
        int ones = Math.min(4, Long.numberOfLeadingZeros(~in.peek()));
        in.skip(ones == 4 ? 4 : ones + 1);
        return switch (ones) {
            case 0 -> 0;
            case 1 -> in.read(SHORT) - (1L << (SHORT - 1));
            case 2 -> in.read(MEDIUM) - (1L << (MEDIUM - 1));
            case 3 -> in.read(LONG) - (1L << (LONG - 1));
            default -> in.read(Long.SIZE);
        };
    }

    private static boolean fits(long value, int bits) {
        long half = 1L << (bits - 1);
        return value >= -half && value < half;
    }

    private static long biased(long value, int bits) {
        return value + (1L << (bits - 1));
    }
}
