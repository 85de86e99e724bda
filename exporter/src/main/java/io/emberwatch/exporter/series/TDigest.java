package io.emberwatch.exporter.series;

import java.util.Arrays;

/**
 * A sketch of the distribution of weighted values in bounded memory: exact for a few, and for many most exact near the
 * ends (Dunning and Ertl, "Computing extremely accurate quantiles using t-digests", 2019; the merging variant).
 *
 * <p>At most {@value #MOST_CENTROIDS} centroids and a buffer of {@value #BUFFER} values, both grown as needed. A weight costs
 * the same whatever it is. Values that are not finite are left out of the quantiles.
 */
final class TDigest {
    static final int MOST_CENTROIDS = 110;
    private static final int BUFFER = 50;
    /** What its arrays take when they are full. */
    static final long MOST_BYTES = 2L * Double.BYTES * (MOST_CENTROIDS + BUFFER);

    private static final int FIRST_LENGTH = 8;

    // Two neighbours make more than one step of the scale function, which has half as many: at most 100 centroids.
    private static final double COMPRESSION = 100;

    private double[] means = new double[FIRST_LENGTH];
    private double[] weights = new double[FIRST_LENGTH];
    private int size;
    private boolean weighted;
    private boolean merged;

    /** Forgets everything. */
    void clear() {
        size = 0;
        weighted = false;
        merged = false;
    }

    /** @param weight positive */
    void add(double value, double weight) {
        if (Double.isFinite(value)) {
            if (size == means.length) {
                grow();
            }
            means[size] = value;
            weights[size] = weight;
            weighted |= weight != 1;
            size++;
        }
    }

    private void grow() {
        if (size >= MOST_CENTROIDS + BUFFER) {
            merge();
        } else {
            int length = Math.min(MOST_CENTROIDS + BUFFER, 2 * size);
            means = Arrays.copyOf(means, length);
            weights = Arrays.copyOf(weights, length);
        }
    }

    /** Adds what another has seen. */
    void add(TDigest other) {
        for (int i = 0; i < other.size; i++) {
            add(other.means[i], other.weights[i]);
        }
        merged |= other.merged;
    }

    /**
     * The value below which the given part of the weight lies: that of the observation itself while there are few.
     *
     * @return NaN when there is none
     */
    double quantile(double quantile) {
        if (size == 0) {
            return Double.NaN;
        }
        sort();
        double total = 0;
        for (int i = 0; i < size; i++) {
            total += weights[i];
        }
        return merged ? interpolated(quantile * total) : exact(quantile * total, total);
    }

    private double exact(double wanted, double total) {
        double below = 0;
        for (int i = 0; i < size; i++) {
            below += weights[i];
            // Sums of fractions come out a little short.
            if (below >= wanted - 1e-12 * total) {
                return means[i];
            }
        }
        return means[size - 1];
    }

    // The weight of a centroid lies half below its mean and half above.
    private double interpolated(double wanted) {
        double below = 0;
        for (int i = 0; i < size; i++) {
            double middle = below + weights[i] / 2;
            if (wanted <= middle) {
                if (i == 0) {
                    return means[0];
                }
                double before = below - weights[i - 1] / 2;
                return means[i - 1] + (means[i] - means[i - 1]) * (wanted - before) / (middle - before);
            }
            below += weights[i];
        }
        return means[size - 1];
    }

    private void merge() {
        sort();
        double total = 0;
        for (int i = 0; i < size; i++) {
            total += weights[i];
        }
        int to = 0;
        double before = 0;
        double limit = total * nextQuantile(0);
        for (int i = 1; i < size; i++) {
            if (before + weights[to] + weights[i] <= limit) {
                weights[to] += weights[i];
                means[to] += (means[i] - means[to]) * weights[i] / weights[to];
            } else {
                before += weights[to];
                limit = total * nextQuantile(before / total);
                to++;
                means[to] = means[i];
                weights[to] = weights[i];
            }
        }
        size = to + 1;
        weighted = true;
        merged = true;
    }

    // The scale function k1: equal steps of the arc sine, so that centroids at the ends stay small.
    private static double nextQuantile(double quantile) {
        double k = COMPRESSION / (2 * Math.PI) * Math.asin(2 * quantile - 1) + 1;
        return k >= COMPRESSION / 4 ? 1 : (Math.sin(k * 2 * Math.PI / COMPRESSION) + 1) / 2;
    }

    private void sort() {
        if (!weighted) {
            Arrays.sort(means, 0, size);
            return;
        }
        // The centroids at the front are in order already, so that little is moved but the new values.
        for (int gap = gap(size); gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11) {
            for (int i = gap; i < size; i++) {
                double mean = means[i];
                double weight = weights[i];
                int j = i;
                while (j >= gap && means[j - gap] > mean) {
                    means[j] = means[j - gap];
                    weights[j] = weights[j - gap];
                    j -= gap;
                }
                means[j] = mean;
                weights[j] = weight;
            }
        }
    }

    private static int gap(int size) {
        return size < 3 ? 1 : size / 2;
    }
}
