package io.emberwatch.scorer.forecast;

/**
 * The usual value of the time of day, on working days and weekends apart, and how fast a deviation from it goes: a median
 * profile with a first-order autoregression of what is left. Medians, because spikes poison means (arXiv 2008.09245).
 */
public final class ProfileForecaster implements Forecaster {
    @Override
    public String name() {
        return "profile";
    }

    @Override
    public Fit fit(History training) {
        Profile profile = Profile.of(training);
        double[] left = profile.residuals(training);
        double persistence = persistence(left);
        return (history, horizon) -> forecast(profile, persistence, history, horizon);
    }

    private static double[] forecast(Profile profile, double persistence, History history, int horizon) {
        int newest = history.size() - 1;
        while (newest >= 0 && Double.isNaN(history.at(newest))) {
            newest--;
        }
        double left = newest < 0 ? 0 : history.at(newest) - profile.usual(history, newest);
        if (Double.isNaN(left)) {
            return new Naive().forecast(history, horizon);
        }
        double[] forecast = new double[horizon];
        for (int step = 0; step < horizon; step++) {
            int index = history.size() + step;
            forecast[step] = profile.usual(history, index) + left * Math.pow(persistence, index - newest);
        }
        return forecast;
    }

    // Spikes are cut at three deviations, or a few of them would decide.
    private static double persistence(double[] left) {
        double deviation = Statistics.deviation(left);
        double sum = 0;
        double squares = 0;
        for (int i = 1; i < left.length; i++) {
            double before = clipped(left[i - 1], deviation);
            double now = clipped(left[i], deviation);
            if (!Double.isNaN(before) && !Double.isNaN(now)) {
                sum += before * now;
                squares += before * before;
            }
        }
        return squares == 0 ? 0 : Math.max(0, Math.min(0.999, sum / squares));
    }

    private static double clipped(double value, double deviation) {
        double bound = 3 * deviation;
        return Double.isNaN(value) ? value : Math.max(-bound, Math.min(bound, value));
    }
}
