package io.emberwatch.scorer.forecast;

import java.util.Arrays;

/** It stays as it is. The guard: what does not beat this is not used. */
public final class Naive implements Forecaster, Forecaster.Fit {
    @Override
    public String name() {
        return "naive";
    }

    @Override
    public Fit fit(History training) {
        return this;
    }

    @Override
    public double[] forecast(History history, int horizon) {
        double[] forecast = new double[horizon];
        Arrays.fill(forecast, last(history));
        return forecast;
    }

    static double last(History history) {
        for (int i = history.size() - 1; i >= 0; i--) {
            if (!Double.isNaN(history.at(i))) {
                return history.at(i);
            }
        }
        return Double.NaN;
    }
}
