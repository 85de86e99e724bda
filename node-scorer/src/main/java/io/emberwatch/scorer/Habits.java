package io.emberwatch.scorer;

import io.emberwatch.scorer.forecast.Arima;
import io.emberwatch.scorer.forecast.Backtest;
import io.emberwatch.scorer.forecast.ChangePoint;
import io.emberwatch.scorer.forecast.Forecaster;
import io.emberwatch.scorer.forecast.History;
import io.emberwatch.scorer.forecast.HoltWinters;
import io.emberwatch.scorer.forecast.Naive;
import io.emberwatch.scorer.forecast.Profile;
import io.emberwatch.scorer.forecast.ProfileForecaster;
import io.emberwatch.scorer.forecast.SeasonalNaive;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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

    private static final List<Forecaster> FORECASTERS =
            List.of(new Naive(), new SeasonalNaive(1), new ProfileForecaster(), new HoltWinters(), new Arima(12));

    private final double[] values;
    private long learnt = Long.MIN_VALUE;
    private long compared = Long.MIN_VALUE;
    private @Nullable Profile profile;
    private Choice choice = Choice.NONE;
    private Forecaster.@Nullable Fit fit;

    private record Choice(String forecaster, double upper) {
        static final Choice NONE = new Choice("", Double.NaN);
    }

    /**
     * What will be in an hour.
     *
     * @param forecaster who says so; empty when nobody does better than chance
     * @param median in the series' own units
     * @param upper what it stays at or below nine times of ten
     */
    record Outlook(String forecaster, double median, double upper) {
        static final Outlook NONE = new Outlook("", Double.NaN, Double.NaN);

        boolean isKnown() {
            return !forecaster.isEmpty() && !Double.isNaN(median);
        }
    }

    Habits(int size) {
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
        fit = FORECASTERS.stream()
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
        List<Backtest.Result> results = backtest.run(recent, FORECASTERS);
        String best = Backtest.choice(results);
        double upper = results.stream()
                .filter(result -> result.forecaster().equals(best))
                .mapToDouble(Backtest.Result::upper)
                .findFirst()
                .orElse(Double.NaN);
        choice = best.equals("naive") ? Choice.NONE : new Choice(best, upper);
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
        return new Outlook(choice.forecaster(), Math.exp(told), Math.exp(told + choice.upper()));
    }
}
