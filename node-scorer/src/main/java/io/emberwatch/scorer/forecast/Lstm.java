package io.emberwatch.scorer.forecast;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A small recurrent network with long short-term memory (Hochreiter and Schmidhuber 1997; forget gates by Gers 2000). It
 * reads the last {@link #WINDOW} steps and the time of day, and says {@link #REACH} steps at once how far the series will
 * be from where it is; beyond that it stays. Trained by back-propagation through time with Adam (Kingma and Ba 2015) from
 * a fixed seed, so that the same history gives the same network. Takes about a second to train.
 */
public final class Lstm implements Forecaster {
    /** Steps read. */
    public static final int WINDOW = 36;

    /** Steps told. */
    public static final int REACH = 72;

    private static final int HIDDEN = 8;
    private static final int MOST_SAMPLES = 9000;
    private static final int SAMPLES_PER_VALUE = 3;
    private static final double RATE = 0.01;
    private static final double HUBER = 1.5;
    private static final long SEED = 20_260_301;

    @Override
    public String name() {
        return "lstm";
    }

    @Override
    public Fit fit(History training) {
        double centre = Statistics.median(training.values());
        double deviation = Statistics.deviation(training.values());
        if (training.size() < 2 * (WINDOW + REACH) || !(deviation > 0)) {
            return new Naive();
        }
        double[] values = normal(training, centre, deviation);
        LstmCell cell = new LstmCell(HIDDEN, REACH, new SplittableRandom(SEED));
        SplittableRandom order = new SplittableRandom(SEED + 1);
        int samples = Math.min(MOST_SAMPLES, SAMPLES_PER_VALUE * training.size());
        for (int sample = 0; sample < samples; sample++) {
            int origin = WINDOW + order.nextInt(values.length - WINDOW - REACH + 1);
            double rate = RATE * (1 - 0.9 * sample / samples);
            cell.learn(inputs(training, values, origin), targets(values, origin), rate, HUBER);
        }
        return (history, horizon) -> forecast(cell, centre, deviation, history, horizon);
    }

    private static double[] forecast(LstmCell cell, double centre, double deviation, History history, int horizon) {
        if (history.size() < WINDOW || Double.isNaN(Naive.last(history))) {
            return new Naive().forecast(history, horizon);
        }
        History newest = history.slice(history.size() - WINDOW, history.size());
        double[] values = normal(newest, centre, deviation);
        double[] changes = cell.tell(inputs(newest, values, WINDOW));
        double[] forecast = new double[horizon];
        for (int step = 0; step < horizon; step++) {
            double change = changes[Math.min(step, REACH - 1)];
            forecast[step] = centre + deviation * (values[WINDOW - 1] + change);
        }
        return forecast;
    }

    // Missing values stand as the last one before them; far outliers are cut, or they would be all that is learnt.
    private static double[] normal(History history, double centre, double deviation) {
        double[] values = new double[history.size()];
        double last = 0;
        for (int i = 0; i < values.length; i++) {
            double value = (history.at(i) - centre) / deviation;
            last = Double.isNaN(value) ? last : Math.max(-10, Math.min(10, value));
            values[i] = last;
        }
        return values;
    }

    private static double[][] inputs(History history, double[] values, int origin) {
        double[][] inputs = new double[WINDOW][];
        for (int i = 0; i < WINDOW; i++) {
            int index = origin - WINDOW + i;
            double angle = 2 * Math.PI * history.slot(index) / history.stepsPerDay();
            inputs[i] = new double[] {
                values[index] / 3,
                StrictMath.sin(angle),
                StrictMath.cos(angle),
                StrictMath.sin(2 * angle),
                StrictMath.cos(2 * angle),
                history.isWeekend(index) ? 1 : 0
            };
        }
        return inputs;
    }

    private static double[] targets(double[] values, int origin) {
        double[] targets = Arrays.copyOfRange(values, origin, origin + REACH);
        for (int i = 0; i < targets.length; i++) {
            targets[i] -= values[origin - 1];
        }
        return targets;
    }
}
