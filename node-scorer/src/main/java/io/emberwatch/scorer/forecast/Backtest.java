package io.emberwatch.scorer.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Forecasts a history from many origins with what was known then, and compares with what came: rolling origin, each
 * forecaster fitted anew every day on a sliding window, so that no forecast has seen its target.
 *
 * <p>The quantiles of a forecast are those of the forecaster's own past errors at that horizon, of which at an origin only
 * those are used whose targets had come by then.
 *
 * @param training steps that are learnt from
 * @param refitEvery steps between two fits
 * @param originEvery steps between two forecasts
 * @param horizons how many steps ahead is looked, ascending
 */
public record Backtest(int training, int refitEvery, int originEvery, List<Integer> horizons) {
    private static final double[] QUANTILES = {0.5, 0.9, 0.99};

    /** A forecaster must lose less than this share of what the naive ones lose; closer is chance. */
    private static final double GUARD = 0.97;

    /** Past errors that a quantile needs before it counts. */
    private static final int ENOUGH = 48;

    public Backtest {
        horizons = List.copyOf(horizons);
        if (horizons.isEmpty() || horizons.get(0) < 1 || training < 1 || refitEvery < 1 || originEvery < 1) {
            throw new IllegalArgumentException("steps and horizons must be positive");
        }
    }

    /** Two weeks of training, daily fits, hourly forecasts of five minutes, an hour and six hours, at 5-minute steps. */
    public static Backtest standard() {
        return new Backtest(14 * 288, 288, 12, List.of(1, 12, 72));
    }

    /**
     * How a forecaster did at one horizon.
     *
     * @param error the mean absolute error
     * @param loss the pinball loss at the quantiles 0.5, 0.9 and 0.99 together
     * @param coverage the share of targets at or below the forecast 0.9 quantile; 0.9 is right
     * @param errors how far targets were above the forecast
     * @param forecasts how many were compared
     */
    public record Result(
            String forecaster, int horizon, double error, double loss, double coverage, Errors errors, int forecasts) {}

    /**
     * Quantiles of what came less what was told: added to a forecast they make its own quantiles. NaN when nothing was
     * compared.
     */
    public record Errors(double tenth, double half, double nineTenths, double ninetyNine) {
        /** None are known. */
        public static final Errors NONE = new Errors(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    /** The results of every forecaster at every horizon. */
    public List<Result> run(History history, List<Forecaster> forecasters) {
        List<Result> results = new ArrayList<>();
        for (Forecaster forecaster : forecasters) {
            results.addAll(run(history, forecaster));
        }
        return results;
    }

    private List<Result> run(History history, Forecaster forecaster) {
        int furthest = horizons.get(horizons.size() - 1);
        List<Tally> tallies = horizons.stream().map(Tally::new).toList();
        Forecaster.Fit fit = forecaster.fit(history.slice(0, Math.min(training, history.size())));
        int fittedAt = training;
        for (int origin = training; origin < history.size(); origin += originEvery) {
            if (origin - fittedAt >= refitEvery) {
                fit = forecaster.fit(history.slice(origin - training, origin));
                fittedAt = origin;
            }
            double[] forecast = fit.forecast(history.slice(origin - training, origin), furthest);
            for (Tally tally : tallies) {
                int target = origin + tally.horizon - 1;
                if (target < history.size()) {
                    tally.add(target, forecast[tally.horizon - 1], history.at(target), origin);
                }
            }
        }
        return tallies.stream().map(tally -> tally.result(forecaster.name())).toList();
    }

    private static final class Tally {
        private final int horizon;
        private final List<Integer> targets = new ArrayList<>();
        private final List<Double> errors = new ArrayList<>();
        private double absolute;
        private double loss;
        private int covered;
        private int scored;

        Tally(int horizon) {
            this.horizon = horizon;
        }

        void add(int target, double forecast, double came, int origin) {
            if (Double.isNaN(forecast) || Double.isNaN(came)) {
                return;
            }
            int known = 0;
            while (known < targets.size() && targets.get(known) < origin) {
                known++;
            }
            if (known >= ENOUGH) {
                double[] past = errors.subList(0, known).stream()
                        .mapToDouble(Double::doubleValue)
                        .sorted()
                        .toArray();
                for (double quantile : QUANTILES) {
                    double bound = forecast + Statistics.ofSorted(past, quantile);
                    loss += pinball(came - bound, quantile) / QUANTILES.length;
                    covered += quantile == 0.9 && came <= bound ? 1 : 0;
                }
                absolute += Math.abs(came - forecast);
                scored++;
            }
            targets.add(target);
            errors.add(came - forecast);
        }

        private static double pinball(double above, double quantile) {
            return above >= 0 ? quantile * above : (quantile - 1) * above;
        }

        Result result(String forecaster) {
            double[] past =
                    errors.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return new Result(
                    forecaster,
                    horizon,
                    absolute / scored,
                    loss / scored,
                    (double) covered / scored,
                    new Errors(
                            Statistics.ofSorted(past, 0.1),
                            Statistics.ofSorted(past, 0.5),
                            Statistics.ofSorted(past, 0.9),
                            Statistics.ofSorted(past, 0.99)),
                    scored);
        }
    }

    /**
     * The forecaster to use: that of the least loss over all horizons, each horizon's losses measured in those of the
     * naive one, if it clearly beats the naive ones; otherwise the naive one.
     *
     * @param results of {@link #run}; the naive one is among them
     */
    public static String choice(List<Result> results) {
        double guard = 1;
        for (Result result : results) {
            if (result.forecaster().startsWith("seasonal-naive")) {
                guard = Math.min(guard, relative(results, result.forecaster()));
            }
        }
        double bound = GUARD * guard;
        Optional<String> best = results.stream()
                .map(Result::forecaster)
                .distinct()
                .filter(name -> !name.contains("naive"))
                .filter(name -> relative(results, name) < bound)
                .min(Comparator.comparingDouble(name -> relative(results, name)));
        return best.orElse("naive");
    }

    private static double relative(List<Result> results, String forecaster) {
        double[] ratios = results.stream()
                .filter(result -> result.forecaster().equals(forecaster))
                .mapToDouble(result -> result.loss() / naiveLoss(results, result.horizon()))
                .toArray();
        return Arrays.stream(ratios).average().orElse(Double.NaN);
    }

    private static double naiveLoss(List<Result> results, int horizon) {
        return results.stream()
                .filter(result -> result.forecaster().equals("naive") && result.horizon() == horizon)
                .mapToDouble(Result::loss)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the naive forecaster is not among the results"));
    }
}
