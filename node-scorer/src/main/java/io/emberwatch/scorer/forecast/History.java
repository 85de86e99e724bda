package io.emberwatch.scorer.forecast;

import java.util.Arrays;

/** Measurements of one series at even steps, oldest first; NaN where nothing was measured. Never changes. */
public final class History {
    private static final long EPOCH_DAY = 4; // 1970-01-01 was a Thursday, the fourth day after a Sunday
    private static final int WEEK = 7;

    private final int stepsPerDay;
    private final long firstStep;
    private final double[] values;

    private History(int stepsPerDay, long firstStep, double[] values) {
        this.stepsPerDay = stepsPerDay;
        this.firstStep = firstStep;
        this.values = values;
    }

    /**
     * A history.
     *
     * @param stepsPerDay how many steps a day has, positive
     * @param firstStep how many steps the first measurement is after the Unix epoch
     */
    public static History of(int stepsPerDay, long firstStep, double[] values) {
        if (stepsPerDay < 1) {
            throw new IllegalArgumentException("stepsPerDay: " + stepsPerDay + " is not positive");
        }
        return new History(stepsPerDay, firstStep, values.clone());
    }

    public int stepsPerDay() {
        return stepsPerDay;
    }

    public int size() {
        return values.length;
    }

    /** The measurement at an index from the oldest, 0. */
    public double at(int index) {
        return values[index];
    }

    /** A copy of all measurements. */
    public double[] values() {
        return values.clone();
    }

    /** The measurements from one index up to, not including, another. */
    public History slice(int from, int to) {
        return new History(stepsPerDay, firstStep + from, Arrays.copyOfRange(values, from, to));
    }

    /** The step of the day, from 0, at an index, which may lie beyond the end. UTC days. */
    public int slot(int index) {
        return (int) Math.floorMod(firstStep + index, (long) stepsPerDay);
    }

    /** Whether the index, which may lie beyond the end, falls on a Saturday or Sunday. UTC days. */
    public boolean isWeekend(int index) {
        long day = Math.floorMod(Math.floorDiv(firstStep + index, (long) stepsPerDay) + EPOCH_DAY, (long) WEEK);
        return day == 0 || day == WEEK - 1;
    }
}
