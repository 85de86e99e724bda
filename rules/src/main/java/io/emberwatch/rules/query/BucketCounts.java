package io.emberwatch.rules.query;

/**
 * The buckets of one classic histogram at one time: upper bounds and cumulative counts. For one thread, used again for each
 * time.
 */
final class BucketCounts {
    /** Differences of neighbours relatively smaller than this come from rounding and are ignored. */
    private static final double INSIGNIFICANT = 1e-12;

    private final double[] bounds;
    private final double[] counts;
    private int size;
    private double minForced;
    private double maxForced;
    private double maxDifference;

    BucketCounts(int capacity) {
        bounds = new double[capacity];
        counts = new double[capacity];
    }

    /** Takes the samples of a time; buckets of equal bounds are one. */
    void load(Histograms.Buckets buckets, Frame frame, int step) {
        size = 0;
        minForced = Double.POSITIVE_INFINITY;
        maxForced = Double.NEGATIVE_INFINITY;
        maxDifference = 0;
        for (int i = 0; i < buckets.rows().length; i++) {
            double count = frame.value(buckets.rows()[i], step);
            if (Frame.isPresent(count)) {
                double bound = buckets.bounds()[i];
                if (size > 0 && bounds[size - 1] == bound) {
                    counts[size - 1] += count;
                } else {
                    bounds[size] = bound;
                    counts[size++] = count;
                }
            }
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Whether a count had to be raised because it was lower than that of a smaller bound. */
    boolean wasForced() {
        return maxForced > Double.NEGATIVE_INFINITY;
    }

    double minForced() {
        return minForced;
    }

    double maxForced() {
        return maxForced;
    }

    double maxDifference() {
        return maxDifference;
    }

    private boolean isComplete() {
        return bounds[size - 1] == Double.POSITIVE_INFINITY;
    }

    /**
     * The φ-quantile, linear within the bucket it falls in.
     *
     * <p>The first bucket starts at 0 unless its bound is not positive; a quantile in the last one is given as the bound
     * before it.
     */
    double quantile(double q) {
        if (Double.isNaN(q)) {
            return Double.NaN;
        }
        if (q < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (q > 1) {
            return Double.POSITIVE_INFINITY;
        }
        if (!isComplete()) {
            return Double.NaN;
        }
        makeMonotone();
        double observations = counts[size - 1];
        if (size < 2 || observations == 0 || Double.isNaN(observations)) {
            return Double.NaN;
        }
        double rank = q * observations;
        int bucket = 0;
        while (bucket < size - 1 && !(counts[bucket] >= rank)) {
            bucket++;
        }
        if (bucket == size - 1) {
            return bounds[size - 2];
        }
        if (bucket == 0 && bounds[0] <= 0) {
            return bounds[0];
        }
        double start = bucket == 0 ? 0 : bounds[bucket - 1];
        double before = bucket == 0 ? 0 : counts[bucket - 1];
        return start + (bounds[bucket] - start) * ((rank - before) / (counts[bucket] - before));
    }

    private void makeMonotone() {
        double before = counts[0];
        for (int i = 1; i < size; i++) {
            double count = counts[i];
            if (count == before) {
                continue;
            }
            if (isInsignificant(before, count)) {
                counts[i] = before;
            } else if (count < before) {
                counts[i] = before;
                minForced = Math.min(minForced, bounds[i]);
                maxForced = Math.max(maxForced, bounds[i]);
                maxDifference = Math.max(maxDifference, before - count);
            } else {
                before = count;
            }
        }
    }

    private static boolean isInsignificant(double a, double b) {
        double sum = Math.abs(a) + Math.abs(b);
        double difference = Math.abs(a - b);
        if (a == 0 || b == 0 || sum < Double.MIN_NORMAL) {
            return difference < INSIGNIFICANT * Double.MIN_NORMAL;
        }
        return difference / Math.min(sum, Double.MAX_VALUE) < INSIGNIFICANT;
    }

    /** The fraction of observations between two values, linear within buckets. */
    double fraction(double lower, double upper) {
        if (!isComplete()) {
            return Double.NaN;
        }
        double observations = counts[size - 1];
        if (observations == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Double.NaN;
        }
        if (lower >= upper) {
            return 0;
        }
        return (below(upper, observations) - below(lower, observations)) / observations;
    }

    /** How many observations are not above a value. */
    private double below(double value, double observations) {
        double rank = 0;
        double start = bounds[0] <= 0 ? Double.NEGATIVE_INFINITY : 0;
        for (int i = 0; i < size; i++) {
            if (start >= value) {
                return Math.min(rank, observations);
            }
            if (bounds[i] > value) {
                double inside = start == Double.NEGATIVE_INFINITY
                        ? counts[i]
                        : rank + (counts[i] - rank) * (value - start) / (bounds[i] - start);
                return Math.min(inside, observations);
            }
            rank = counts[i];
            start = bounds[i];
        }
        return observations;
    }
}
