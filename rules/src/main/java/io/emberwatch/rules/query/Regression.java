package io.emberwatch.rules.query;

/** Simple linear regression by least squares: {@code deriv} and {@code predict_linear}. */
final class Regression {
    private final double slope;
    private final double intercept;

    private Regression(double slope, double intercept) {
        this.slope = slope;
        this.intercept = intercept;
    }

    static double slope(Window window) {
        return window.count() < 2 ? Frame.ABSENT : of(window, window.time(window.from())).slope;
    }

    /** The value as many seconds after the evaluation time as the parameter says. */
    static double prediction(Window window) {
        if (window.count() < 2) {
            return Frame.ABSENT;
        }
        Regression regression = of(window, window.evaluationTime());
        return regression.slope * window.parameter() + regression.intercept;
    }

    /** @param origin the time at which the intercept is taken, near the samples so that little precision is lost */
    private static Regression of(Window window, long origin) {
        double initial = window.first();
        boolean constant = true;
        KahanSum x = new KahanSum();
        KahanSum y = new KahanSum();
        KahanSum xy = new KahanSum();
        KahanSum xx = new KahanSum();
        for (int i = window.from(); i < window.to(); i++) {
            double value = window.value(i);
            constant = constant && (i == window.from() || value == initial);
            double seconds = (window.time(i) - origin) / 1e3;
            x.add(seconds);
            y.add(value);
            xy.add(seconds * value);
            xx.add(seconds * seconds);
        }
        if (constant) {
            return Double.isInfinite(initial) ? new Regression(Double.NaN, Double.NaN) : new Regression(0, initial);
        }
        double n = window.count();
        double covariance = xy.total() - x.total() * y.total() / n;
        double variance = xx.total() - x.total() * x.total() / n;
        double slope = covariance / variance;
        return new Regression(slope, y.total() / n - slope * x.total() / n);
    }
}
