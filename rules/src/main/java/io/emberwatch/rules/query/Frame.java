package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Staleness;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An instant vector at every time of a grid: a row per series, a column per time.
 *
 * <p>A cell without a sample holds {@link #ABSENT}, the bits of the stale marker, which no computation yields: arithmetic
 * makes a signalling NaN quiet. Whoever computes on cells must leave absent ones alone. A frame belongs to whoever asked
 * for it and may be computed on in place; its labels are shared and are not.
 */
final class Frame {
    static final double ABSENT = Staleness.STALE_NAN;
    private static final Labels[] NO_LABELS = {};
    private static final long HISTOGRAM_BITS = Double.doubleToRawLongBits(SeriesSource.NATIVE_HISTOGRAM);

    private final Labels[] labels;
    private final boolean @Nullable [] dropsName;
    private final int steps;
    private final double[] values;

    /**
     * @param dropsName which rows lose their name at the end of the query; null stands for none
     * @param values row by row, {@code labels.length * steps} of them
     */
    Frame(Labels[] labels, boolean @Nullable [] dropsName, int steps, double[] values) {
        this.labels = labels;
        this.dropsName = dropsName;
        this.steps = steps;
        this.values = values;
    }

    static Frame empty(int steps) {
        return new Frame(NO_LABELS, null, steps, new double[0]);
    }

    /** Cells without samples, as many as needed. */
    static double[] absent(int rows, int steps) {
        double[] values = new double[rows * steps];
        Arrays.fill(values, ABSENT);
        return values;
    }

    static boolean isAbsent(double value) {
        return Double.doubleToRawLongBits(value) == Staleness.STALE_NAN_BITS;
    }

    static boolean isHistogram(double value) {
        return Double.doubleToRawLongBits(value) == HISTOGRAM_BITS;
    }

    static boolean isPresent(double value) {
        return Double.doubleToRawLongBits(value) != Staleness.STALE_NAN_BITS;
    }

    int rows() {
        return labels.length;
    }

    int steps() {
        return steps;
    }

    Labels[] labels() {
        return labels;
    }

    boolean @Nullable [] dropsName() {
        return dropsName;
    }

    boolean dropsName(int row) {
        return dropsName != null && dropsName[row];
    }

    double[] values() {
        return values;
    }

    double value(int row, int step) {
        return values[row * steps + step];
    }

    /** Whether any series has a sample at a time. */
    boolean hasSample(int step) {
        for (int i = step; i < values.length; i += steps) {
            if (isPresent(values[i])) {
                return true;
            }
        }
        return false;
    }

    /** Whether a series has a sample at any time. */
    boolean hasSamples(int row) {
        for (int i = row * steps; i < (row + 1) * steps; i++) {
            if (isPresent(values[i])) {
                return true;
            }
        }
        return false;
    }

    /** The rows in another order. */
    Frame ordered(Integer[] order) {
        Labels[] newLabels = new Labels[order.length];
        boolean[] drops = new boolean[order.length];
        double[] newValues = new double[order.length * steps];
        for (int i = 0; i < order.length; i++) {
            newLabels[i] = labels[order[i]];
            drops[i] = dropsName(order[i]);
            System.arraycopy(values, order[i] * steps, newValues, i * steps, steps);
        }
        return new Frame(newLabels, dropsName == null ? null : drops, steps, newValues);
    }

    /** The same samples under other labels. */
    Frame relabelled(Labels[] newLabels, boolean @Nullable [] newDropsName) {
        return new Frame(newLabels, newDropsName, steps, values);
    }

    /** A frame of one time stretched over many. */
    Frame broadcast(int times) {
        double[] stretched = new double[labels.length * times];
        for (int row = 0; row < labels.length; row++) {
            Arrays.fill(stretched, row * times, (row + 1) * times, values[row]);
        }
        return new Frame(labels, dropsName, times, stretched);
    }
}
