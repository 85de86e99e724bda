package io.emberwatch.scorer.forecast;

import java.util.Arrays;

/**
 * Level, damped trend and a daily season, all smoothed exponentially (Holt 1957, Winters 1960; damped by Gardner and
 * McKenzie 1985). The smoothing constants are those of a small grid with the least squared error one step ahead.
 */
public final class HoltWinters implements Forecaster {
    private static final double[] LEVELS = {0.05, 0.2, 0.5};
    private static final double[] TRENDS = {0, 0.02};
    private static final double[] SEASONS = {0.05, 0.2};
    private static final double DAMPING = 0.9;

    @Override
    public String name() {
        return "holt-winters";
    }

    @Override
    public Fit fit(History training) {
        if (training.size() < 2 * training.stepsPerDay()) {
            return new Naive();
        }
        double best = Double.POSITIVE_INFINITY;
        double[] chosen = {LEVELS[0], TRENDS[0], SEASONS[0]};
        for (double level : LEVELS) {
            for (double trend : TRENDS) {
                for (double season : SEASONS) {
                    double error = error(training, level, trend, season);
                    if (error < best) {
                        best = error;
                        chosen = new double[] {level, trend, season};
                    }
                }
            }
        }
        double[] constants = chosen;
        return (history, horizon) -> forecast(history, constants[0], constants[1], constants[2], horizon);
    }

    /** Forecasts with given smoothing constants of level, trend and season. */
    static double[] forecast(History history, double level, double trend, double season, int horizon) {
        return State.run(history, level, trend, season).forecast(history, horizon);
    }

    /** The mean squared error one step ahead with given constants. */
    static double error(History history, double level, double trend, double season) {
        return State.run(history, level, trend, season).error;
    }

    private static final class State {
        private final double[] season;
        private double level;
        private double trend;
        private double error;

        private State(History history) {
            int slots = history.stepsPerDay();
            double[] firstDay =
                    history.slice(0, Math.min(slots, history.size())).values();
            level = Statistics.median(firstDay);
            season = new double[slots];
            if (!Double.isNaN(level)) {
                for (int i = 0; i < firstDay.length; i++) {
                    double value = firstDay[i];
                    season[history.slot(i)] = Double.isNaN(value) ? 0 : value - level;
                }
            }
        }

        static State run(History history, double alpha, double beta, double gamma) {
            State state = new State(history);
            int errors = 0;
            for (int i = history.stepsPerDay(); i < history.size(); i++) {
                double value = history.at(i);
                int slot = history.slot(i);
                double damped = DAMPING * state.trend;
                if (Double.isNaN(value) || Double.isNaN(state.level)) {
                    state.level = Double.isNaN(state.level) ? value : state.level + damped;
                    state.trend = damped;
                    continue;
                }
                double error = value - (state.level + damped + state.season[slot]);
                state.error += error * error;
                errors++;
                state.level += damped + alpha * error;
                state.trend = damped + beta * error;
                state.season[slot] += gamma * (1 - alpha) * error;
            }
            state.error = errors == 0 ? Double.POSITIVE_INFINITY : state.error / errors;
            return state;
        }

        double[] forecast(History history, int horizon) {
            double[] forecast = new double[horizon];
            if (Double.isNaN(level)) {
                Arrays.fill(forecast, Double.NaN);
                return forecast;
            }
            double reached = level;
            double step = trend;
            for (int i = 0; i < horizon; i++) {
                step *= DAMPING;
                reached += step;
                forecast[i] = reached + season[history.slot(history.size() + i)];
            }
            return forecast;
        }
    }
}
