package io.emberwatch.scorer;

import io.emberwatch.scorer.forecast.Backtest;
import io.emberwatch.scorer.forecast.ChangePoint;
import io.emberwatch.scorer.forecast.Forecaster;
import io.emberwatch.scorer.forecast.History;
import io.emberwatch.scorer.forecast.Profile;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The past of one series, in logarithms, and what was learnt from it. */
final class Habits {
    /** How far ahead is told. */
    static final Duration AHEAD = Duration.ofHours(1);

    /** The newest days are not part of the usual: what changed in them is to be seen. */
    private static final int NEWEST_DAYS = 2;

    /** Days that a profile needs. */
    private static final int LEAST_DAYS = 3;

    /** In logarithms: a series that hardly varies is out of the usual beyond some five percent. */
    private static final double LEAST_DEVIATION = 0.05;

    private static final int TRAINING_DAYS = 10;
    private static final int LEAST_TESTED_DAYS = 3;

    private final List<Forecaster> forecasters;
    private final double[] values;
    private long learnt = Long.MIN_VALUE;
    private long compared = Long.MIN_VALUE;
    private @Nullable Profile profile;
    private Choice choice = Choice.NONE;
    private Forecaster.@Nullable Fit fit;

    private record Choice(String forecaster, Backtest.Errors errors) {
        static final Choice NONE = new Choice("", Backtest.Errors.NONE);
    }

    /**
     * What will be in an hour.
     *
     * @param forecaster who says so; empty when nobody does better than chance
     * @param told what is forecast, in the series' own units
     * @param quantiles the value that is not passed with a probability of so much, by that
     */
    record Outlook(String forecaster, double told, SortedMap<Double, Double> quantiles) {
        static final Outlook NONE = new Outlook("", Double.NaN, Collections.emptySortedMap());

        boolean isKnown() {
            return !forecaster.isEmpty() && !Double.isNaN(told);
        }
    }

    Habits(List<Forecaster> forecasters, int size) {
        this.forecasters = forecasters;
        values = new double[size];
        Arrays.fill(values, Double.NaN);
    }

    /** Takes what was measured in the newest steps, or null when nothing was. */
    void add(double @Nullable [] fresh, int steps) {
        int kept = Math.max(0, values.length - steps);
        System.arraycopy(values, values.length - kept, values, 0, kept);
        for (int i = kept; i < values.length; i++) {
            double value = fresh == null ? Double.NaN : fresh[fresh.length - (values.length - i)];
            values[i] = value > 0 ? Math.log(value) : Double.NaN;
        }
    }

    boolean isSilent(int newest) {
        return Arrays.stream(values, Math.max(0, values.length - newest), values.length)
                .allMatch(Double::isNaN);
    }

    History history(int stepsPerDay, long firstStep) {
        return History.of(stepsPerDay, firstStep, values);
    }

    private int measuredDays(History history) {
        int first = 0;
        while (first < values.length && Double.isNaN(values[first])) {
            first++;
        }
        return (values.length - first) / history.stepsPerDay();
    }

    /** Learns the usual, once a day. */
    void learn(History history, long step) {
        int perDay = history.stepsPerDay();
        if (isRecent(learnt, step, perDay) || measuredDays(history) < LEAST_DAYS) {
            return;
        }
        learnt = step;
        profile = Profile.of(history.slice(0, history.size() - NEWEST_DAYS * perDay));
        fit = forecasters.stream()
                .filter(forecaster -> forecaster.name().equals(choice.forecaster()))
                .map(forecaster -> forecaster.fit(history))
                .findFirst()
                .orElse(null);
    }

    /** Finds out, once a day, which forecaster did best here of late; whether it was time to. */
    boolean compareForecasters(History history, long step) {
        int perDay = history.stepsPerDay();
        int tested = measuredDays(history) - TRAINING_DAYS;
        if (isRecent(compared, step, perDay) || tested < LEAST_TESTED_DAYS) {
            return false;
        }
        compared = step;
        learnt = Long.MIN_VALUE;
        int ahead = ahead(perDay);
        Backtest backtest = new Backtest(TRAINING_DAYS * perDay, perDay, Math.max(1, perDay / 24), List.of(ahead));
        History recent = history.slice(history.size() - (TRAINING_DAYS + tested) * perDay, history.size());
        List<Backtest.Result> results = backtest.run(recent, forecasters);
        String best = Backtest.choice(results);
        Backtest.Errors errors = results.stream()
                .filter(result -> result.forecaster().equals(best))
                .map(Backtest.Result::errors)
                .findFirst()
                .orElse(Backtest.Errors.NONE);
        choice = best.equals("naive") ? Choice.NONE : new Choice(best, errors);
        return true;
    }

    private static boolean isRecent(long done, long step, int perDay) {
        return done != Long.MIN_VALUE && step - done < perDay;
    }

    private static int ahead(int stepsPerDay) {
        return (int)
                Math.max(1, AHEAD.toMinutes() * stepsPerDay / Duration.ofDays(1).toMinutes());
    }

    /** What was measured last as a multiple of the usual; NaN when one of them is not known. */
    double ratio(History history) {
        int newest = history.size() - 1;
        Profile usual = profile;
        return usual == null ? Double.NaN : Math.exp(history.at(newest) - usual.usual(history, newest));
    }

    ChangePoint change(History history) {
        Profile usual = profile;
        if (usual == null) {
            return ChangePoint.NONE;
        }
        int from = history.size() - NEWEST_DAYS * history.stepsPerDay();
        return ChangePoint.of(usual, history, from, LEAST_DEVIATION);
    }

    Outlook outlook(History history) {
        Forecaster.Fit own = fit;
        if (own == null) {
            return Outlook.NONE;
        }
        int ahead = ahead(history.stepsPerDay());
        double told = own.forecast(history, ahead)[ahead - 1];
        Backtest.Errors errors = choice.errors();
        SortedMap<Double, Double> quantiles = new TreeMap<>();
        quantiles.put(0.1, Math.exp(told + errors.tenth()));
        quantiles.put(0.5, Math.exp(told + errors.half()));
        quantiles.put(0.9, Math.exp(told + errors.nineTenths()));
        quantiles.put(0.99, Math.exp(told + errors.ninetyNine()));
        return new Outlook(choice.forecaster(), Math.exp(told), quantiles);
    }
}
