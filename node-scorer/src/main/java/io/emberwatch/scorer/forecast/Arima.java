package io.emberwatch.scorer.forecast;

import java.util.Arrays;

/**
 * ARIMA(p,1,0): an autoregression of the changes from step to step, its coefficients from the Yule-Walker equations by
 * Levinson's recursion (1947). Missing values are taken as unchanged.
 */
public final class Arima implements Forecaster {
    private final int order;

    /** @param order how many past changes count, positive */
    public Arima(int order) {
        if (order < 1) {
            throw new IllegalArgumentException("order: " + order + " is not positive");
        }
        this.order = order;
    }

    @Override
    public String name() {
        return "arima";
    }

    @Override
    public Fit fit(History training) {
        double[] changes = changes(filled(training));
        if (changes.length < 2 * order) {
            return new Naive();
        }
        double[] coefficients = levinson(autocovariances(changes, order));
        return (history, horizon) -> forecast(coefficients, history, horizon);
    }

    private static double[] forecast(double[] coefficients, History history, int horizon) {
        double[] values = filled(history);
        double[] forecast = new double[horizon];
        if (values.length == 0) {
            Arrays.fill(forecast, Double.NaN);
            return forecast;
        }
        double[] past = changes(values);
        double[] changes = Arrays.copyOf(past, past.length + horizon);
        double reached = values[values.length - 1];
        for (int step = 0; step < horizon; step++) {
            int now = past.length + step;
            double change = 0;
            for (int lag = 1; lag <= coefficients.length && lag <= now; lag++) {
                change += coefficients[lag - 1] * changes[now - lag];
            }
            changes[now] = change;
            reached += change;
            forecast[step] = reached;
        }
        return forecast;
    }

    // Without the missing values before the first measurement, and with the others as they were last.
    private static double[] filled(History history) {
        double[] filled = new double[history.size()];
        int count = 0;
        double last = Double.NaN;
        for (int i = 0; i < history.size(); i++) {
            last = Double.isNaN(history.at(i)) ? last : history.at(i);
            if (!Double.isNaN(last)) {
                filled[count++] = last;
            }
        }
        return Arrays.copyOf(filled, count);
    }

    private static double[] changes(double[] values) {
        double[] changes = new double[Math.max(0, values.length - 1)];
        for (int i = 0; i < changes.length; i++) {
            changes[i] = values[i + 1] - values[i];
        }
        return changes;
    }

    static double[] autocovariances(double[] values, int lags) {
        double mean = Arrays.stream(values).average().orElse(0);
        double[] covariances = new double[lags + 1];
        for (int lag = 0; lag <= lags; lag++) {
            double sum = 0;
            for (int i = lag; i < values.length; i++) {
                sum += (values[i] - mean) * (values[i - lag] - mean);
            }
            covariances[lag] = sum / values.length;
        }
        return covariances;
    }

    /** The coefficients of the autoregression with the given autocovariances, from lag 0 up. */
    static double[] levinson(double[] covariances) {
        int order = covariances.length - 1;
        double[] coefficients = new double[order];
        double error = covariances[0];
        for (int k = 0; k < order && error > 0; k++) {
            double reflection = covariances[k + 1];
            for (int i = 0; i < k; i++) {
                reflection -= coefficients[i] * covariances[k - i];
            }
            reflection /= error;
            double[] before = coefficients.clone();
            coefficients[k] = reflection;
            for (int i = 0; i < k; i++) {
                coefficients[i] = before[i] - reflection * before[k - 1 - i];
            }
            error *= 1 - reflection * reflection;
        }
        return coefficients;
    }
}
