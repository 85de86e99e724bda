package io.emberwatch.scorer.forecast;

/**
 * When a series left its usual values upwards, by Page's cumulative sum (1954) of what is left of it when the usual is
 * taken away. It adds how far a value is above the usual, in deviations and less a slack, and never falls below zero;
 * above a threshold the series has changed, and it did so when the sum last began to rise.
 *
 * @param alarm the sum as a share of the threshold: below 1 nothing has changed; at most 2, NaN when it cannot be told
 * @param index where the change began, from the oldest of the history; -1 when nothing has changed
 * @param shift how far the series is above the usual now, the median of the newest dozen values since, in the series'
 *     units; NaN without a change
 */
public record ChangePoint(double alarm, int index, double shift) {
    /** How many deviations above the usual are still usual. */
    public static final double SLACK = 1.5;

    /** The sum at which the series has changed. */
    public static final double THRESHOLD = 25;

    /** One value adds at most this, so that a single spike is no change. */
    private static final double MOST = 5;

    /** So many values tell how far the series is from the usual now. */
    private static final int NEWEST = 12;

    /** Nothing has changed. */
    public static final ChangePoint NONE = new ChangePoint(Double.NaN, -1, Double.NaN);

    public boolean changed() {
        return index >= 0;
    }

    /**
     * Looks for a change that still lasts at the end of a history.
     *
     * @param profile of the time before, the last day or so left out if it may be the change
     * @param from the first index that is looked at
     * @param least the least that counts as a deviation, for series that hardly vary
     */
    public static ChangePoint of(Profile profile, History history, int from, double least) {
        double[] left = profile.residuals(history);
        double[] before = new double[from];
        System.arraycopy(left, 0, before, 0, from);
        double deviation = Math.max(least, Statistics.deviation(before));
        if (!(deviation > 0)) {
            return NONE;
        }
        double sum = 0;
        int began = from;
        for (int i = from; i < left.length; i++) {
            if (Double.isNaN(left[i])) {
                continue;
            }
            double added = Math.min(MOST, left[i] / deviation - SLACK);
            if (sum <= 0) {
                began = i;
            }
            // What fell back to the usual is over soon, however long it was.
            sum = Math.max(0, Math.min(2 * THRESHOLD, sum + added));
        }
        if (sum < THRESHOLD) {
            return new ChangePoint(sum / THRESHOLD, -1, Double.NaN);
        }
        int newest = Math.min(NEWEST, left.length - began);
        double[] since = new double[newest];
        System.arraycopy(left, left.length - newest, since, 0, newest);
        return new ChangePoint(sum / THRESHOLD, began, Statistics.median(since));
    }
}
