package io.emberwatch.scorer.forecast;

import java.util.Arrays;

/**
 * The slope of a series, by Theil (1950) and Sen (1968): the median of the slopes between all pairs of points, which a
 * third of outliers does not bend. The interval is Sen's, from the order statistics of the slopes under Kendall's test.
 *
 * @param slope per step
 * @param low the slope's lower bound at about 90 % confidence
 * @param high the slope's upper bound
 * @param level the fitted value at the last point
 */
public record Trend(double slope, double low, double high, double level) {
    /** At most this many points are fitted, the newest; the pairs grow with the square. */
    public static final int MOST_POINTS = 300;

    /** With fewer points there is no trend. */
    public static final int LEAST_POINTS = 6;

    /** A fall of this share of the value begins a new stretch: a defragmentation, a restart. */
    private static final double BREAK = 0.2;

    private static final double NORMAL_95 = 1.6449;

    /** A trend that says nothing. */
    public static final Trend NONE = new Trend(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /**
     * The trend since the last fall of a fifth or more between two points.
     *
     * @param values at even steps, NaN where nothing was measured
     * @return {@link #NONE} with fewer than {@link #LEAST_POINTS} points since
     */
    public static Trend of(double[] values) {
        int from = Math.max(0, values.length - MOST_POINTS);
        double before = Double.NaN;
        for (int i = from; i < values.length; i++) {
            if (!Double.isNaN(values[i])) {
                if (values[i] < before * (1 - BREAK)) {
                    from = i;
                }
                before = values[i];
            }
        }
        return fit(values, from);
    }

    private static Trend fit(double[] values, int from) {
        int count = 0;
        int[] index = new int[values.length - from];
        for (int i = from; i < values.length; i++) {
            if (!Double.isNaN(values[i])) {
                index[count++] = i;
            }
        }
        if (count < LEAST_POINTS) {
            return NONE;
        }
        double[] slopes = new double[count * (count - 1) / 2];
        int next = 0;
        for (int i = 0; i < count; i++) {
            for (int j = i + 1; j < count; j++) {
                slopes[next++] = (values[index[j]] - values[index[i]]) / (index[j] - index[i]);
            }
        }
        Arrays.sort(slopes);
        double slope = Statistics.ofSorted(slopes, 0.5);
        double[] levels = new double[count];
        for (int i = 0; i < count; i++) {
            levels[i] = values[index[i]] + slope * (values.length - 1 - index[i]);
        }
        double spread = NORMAL_95 * Math.sqrt(count * (count - 1.0) * (2.0 * count + 5) / 18);
        int low = (int) Math.floor((slopes.length - spread) / 2);
        int high = (int) Math.ceil((slopes.length + spread) / 2);
        return new Trend(
                slope, slopes[Math.max(0, low)], slopes[Math.min(slopes.length - 1, high)], Statistics.median(levels));
    }

    /**
     * How many steps until a limit above is reached: 0 when it is already, infinite when the trend never does.
     *
     * @param pace one of {@link #slope}, {@link #low}, {@link #high}
     * @return NaN when there is no trend
     */
    public double stepsUntil(double limit, double pace) {
        if (Double.isNaN(level) || Double.isNaN(pace)) {
            return Double.NaN;
        }
        if (level >= limit) {
            return 0;
        }
        return pace <= 0 ? Double.POSITIVE_INFINITY : (limit - level) / pace;
    }
}
