package io.emberwatch.scorer.forecast;

/** It will be as it was so many days ago. */
public final class SeasonalNaive implements Forecaster, Forecaster.Fit {
    private final int days;

    /** @param days the season's length, positive */
    public SeasonalNaive(int days) {
        if (days < 1) {
            throw new IllegalArgumentException("days: " + days + " is not positive");
        }
        this.days = days;
    }

    @Override
    public String name() {
        return "seasonal-naive-" + days + "d";
    }

    @Override
    public Fit fit(History training) {
        return this;
    }

    @Override
    public double[] forecast(History history, int horizon) {
        int season = days * history.stepsPerDay();
        double last = Naive.last(history);
        double[] forecast = new double[horizon];
        for (int step = 0; step < horizon; step++) {
            int index = history.size() + step - season;
            while (index >= history.size()) {
                index -= season;
            }
            while (index >= 0 && Double.isNaN(history.at(index))) {
                index -= season;
            }
            forecast[step] = index < 0 ? last : history.at(index);
        }
        return forecast;
    }
}
