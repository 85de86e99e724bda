package io.emberwatch.scorer.forecast;

/** A way to tell a series' future from its past. */
public interface Forecaster {
    /** The name in results and configuration. */
    String name();

    /**
     * Learns from a history.
     *
     * @return what was learnt; never fails, with too little to learn from it forecasts like {@link Naive}
     */
    Fit fit(History training);

    /** What was learnt from one history and can be asked for forecasts from any later origin. */
    interface Fit {
        /**
         * Forecasts the steps after the end of a history.
         *
         * @param history up to the origin, in the same steps as the training
         * @param horizon how many steps, positive
         * @return one value per step; NaN when the history has no value at all
         */
        double[] forecast(History history, int horizon);
    }
}
