package io.emberwatch.scorer.forecast;

import java.util.Arrays;

/** Robust figures of samples; NaN among the values is passed over, and is the answer when nothing is left. */
final class Statistics {
    /** What makes the median absolute deviation of a normal distribution its standard deviation. */
    private static final double NORMAL = 1.4826;

    private Statistics() {}

    static double median(double[] values) {
        return quantile(values, 0.5);
    }

    /** Linear between the order statistics (type 7 of Hyndman and Fan, 1996). */
    static double quantile(double[] values, double share) {
        double[] sorted = finite(values);
        Arrays.sort(sorted);
        return ofSorted(sorted, share);
    }

    static double ofSorted(double[] sorted, double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double rank = share * (sorted.length - 1);
        int below = (int) Math.floor(rank);
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
    }

    /** A standard deviation that a quarter of outliers does not move much. */
    static double deviation(double[] values) {
        double median = median(values);
        double[] distances = finite(values);
        for (int i = 0; i < distances.length; i++) {
            distances[i] = Math.abs(distances[i] - median);
        }
        return NORMAL * median(distances);
    }

    private static double[] finite(double[] values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
    }
}
