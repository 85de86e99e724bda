package io.emberwatch.push.aggregate;

import java.util.Arrays;

/**
 * Quantiles of many values in little room: each told is within one percent of the value of that rank, whatever the values
 * are. Counts values by the logarithm of their size, as described by Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable
 * quantile sketch with relative-error guarantees", 2019.
 *
 * <p>Holds up to {@value #MAX_BINS} bins of each sign, enough for values that are 10^17 times as large as others; beyond
 * that, those nearest to zero fall together.
 */
final class Sketch {
    static final double ACCURACY = 0.01;
    static final int MAX_BINS = 2048;
    private static final double GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
    private static final double LOG_GAMMA = Math.log(GAMMA);
    private static final double LEAST = 1e-300;

    private final Bins positive = new Bins();
    private final Bins negative = new Bins();
    private long zeros;
    private long count;

    void add(double value) {
        count++;
        if (value > LEAST) {
            positive.add(bin(value));
        } else if (value < -LEAST) {
            negative.add(bin(-value));
        } else {
            zeros++;
        }
    }

    private static int bin(double size) {
        return (int) Math.ceil(Math.log(size) / LOG_GAMMA);
    }

    /** @param quantile from 0 to 1 */
    double quantile(double quantile) {
        long rank = (long) Math.floor(quantile * (count - 1));
        if (rank < negative.total) {
            return -size(negative.at(negative.total - 1 - rank));
        }
        rank -= negative.total;
        return rank < zeros ? 0 : size(positive.at(rank - zeros));
    }

    private static double size(int bin) {
        return Math.min(Double.MAX_VALUE, Math.exp(bin * LOG_GAMMA - Math.log((GAMMA + 1) / 2)));
    }

    private static final class Bins {
        private long[] counts = new long[0];
        private int first;
        private long total;

        void add(int bin) {
            total++;
            if (counts.length == 0) {
                counts = new long[16];
                first = bin - 8;
            }
            if (bin < first || bin >= first + counts.length) {
                widen(bin);
            }
            counts[Math.max(0, bin - first)]++;
        }

        /** Makes room around what is used; the lowest bins fall together when there would be too many. */
        private void widen(int bin) {
            int lowest = 0;
            while (lowest < counts.length && counts[lowest] == 0) {
                lowest++;
            }
            int highest = counts.length;
            while (highest > lowest && counts[highest - 1] == 0) {
                highest--;
            }
            int from = lowest == highest ? bin : Math.min(bin, first + lowest);
            int to = lowest == highest ? bin + 1 : Math.max(bin + 1, first + highest);
            int spare = Math.max(0, Math.min(MAX_BINS - (to - from), to - from));
            int begin = Math.max(from - spare / 2, to - MAX_BINS);
            long[] wider = new long[Math.min(MAX_BINS, to + spare - spare / 2 - begin)];
            for (int i = lowest; i < highest; i++) {
                wider[Math.max(0, first + i - begin)] += counts[i];
            }
            counts = wider;
            first = begin;
        }

        /** The bin of the value of a rank, from 0. */
        int at(long rank) {
            long before = 0;
            for (int i = 0; i < counts.length; i++) {
                before += counts[i];
                if (before > rank) {
                    return first + i;
                }
            }
            throw new IllegalArgumentException(
                    rank + " of " + Arrays.stream(counts).sum());
        }
    }
}
