package io.emberwatch.scorer.forecast;

import java.util.Arrays;

/**
 * What is usual at a time of day: the median of the slot and its neighbours, on working days and weekends apart where
 * there are enough of both.
 */
public final class Profile {
    /** Slots to either side that count too, so that a slot has enough to take a median of. */
    private static final int NEIGHBOURS = 3;

    /** With fewer values in a slot the kinds of day are not told apart. */
    private static final int ENOUGH = 8;

    private final double[] working;
    private final double[] weekend;

    private Profile(double[] working, double[] weekend) {
        this.working = working;
        this.weekend = weekend;
    }

    /** The profile of a history. A day's profile needs a day; without values it knows nothing usual. */
    public static Profile of(History history) {
        int slots = history.stepsPerDay();
        double[][][] bySlot = new double[2][slots][];
        int[][] counts = new int[2][slots];
        int days = history.size() / slots + 2;
        for (double[][] kind : bySlot) {
            for (int slot = 0; slot < slots; slot++) {
                kind[slot] = new double[days];
            }
        }
        for (int i = 0; i < history.size(); i++) {
            if (!Double.isNaN(history.at(i))) {
                int kind = history.isWeekend(i) ? 1 : 0;
                int slot = history.slot(i);
                bySlot[kind][slot][counts[kind][slot]++] = history.at(i);
            }
        }
        double[] working = new double[slots];
        double[] weekend = new double[slots];
        for (int slot = 0; slot < slots; slot++) {
            double[] atWork = near(bySlot[0], counts[0], slot);
            double[] atRest = near(bySlot[1], counts[1], slot);
            double[] both = Arrays.copyOf(atWork, atWork.length + atRest.length);
            System.arraycopy(atRest, 0, both, atWork.length, atRest.length);
            working[slot] = Statistics.median(atWork.length < ENOUGH ? both : atWork);
            weekend[slot] = Statistics.median(atRest.length < ENOUGH ? both : atRest);
        }
        return new Profile(working, weekend);
    }

    private static double[] near(double[][] values, int[] counts, int slot) {
        double[] near = new double[0];
        for (int offset = -NEIGHBOURS; offset <= NEIGHBOURS; offset++) {
            int other = Math.floorMod(slot + offset, values.length);
            int had = near.length;
            near = Arrays.copyOf(near, had + counts[other]);
            System.arraycopy(values[other], 0, near, had, counts[other]);
        }
        return near;
    }

    /** The usual value at an index of a history, which may lie beyond its end; NaN when nothing is known. */
    public double usual(History history, int index) {
        return (history.isWeekend(index) ? weekend : working)[history.slot(index)];
    }

    /** What is left of every measurement when the usual is taken away. */
    public double[] residuals(History history) {
        double[] left = new double[history.size()];
        for (int i = 0; i < left.length; i++) {
            left[i] = history.at(i) - usual(history, i);
        }
        return left;
    }
}
