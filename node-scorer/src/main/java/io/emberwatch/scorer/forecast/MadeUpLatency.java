package io.emberwatch.scorer.forecast;

import java.util.SplittableRandom;

/**
 * Made-up series like the logarithm of a disk's sync times: load by day and week, noise with a memory, spikes that fade,
 * a backup at night; and faults on top. What forecasters are compared on when there is nothing measured.
 */
public final class MadeUpLatency {
    /** Steps of a day, of five minutes each. */
    public static final int DAY = 288;

    private static final long MONDAY = 4L * DAY; // 1970-01-05

    private MadeUpLatency() {}

    /** So many days from a Monday on; the same seed gives the same days. */
    public static History of(long seed, int days) {
        return History.of(DAY, MONDAY, values(seed, days));
    }

    static double[] values(long seed, int days) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[days * DAY];
        double noise = 0;
        double spike = 0;
        for (int i = 0; i < values.length; i++) {
            int slot = i % DAY;
            boolean weekend = i / DAY % 7 >= 5;
            double daily =
                    StrictMath.sin(2 * Math.PI * (slot - 96) / DAY) + 0.3 * StrictMath.sin(4 * Math.PI * slot / DAY);
            double backup = slot >= 24 && slot < 36 ? 0.8 : 0;
            noise = 0.8 * noise + 0.1 * normal(random);
            spike = random.nextDouble() < 0.004 ? 1 + random.nextDouble() : 0.7 * spike;
            values[i] = StrictMath.log(0.004) + (weekend ? 0.15 : 0.4) * daily + backup + noise + spike;
        }
        return values;
    }

    /** The same with a rise to {@code factor} times the usual within {@code steps}, from an index on. */
    static History withRamp(long seed, int days, int from, int steps, double factor) {
        double[] values = values(seed, days);
        for (int i = from; i < values.length; i++) {
            values[i] += StrictMath.log(factor) * Math.min(1, (i - from + 1.0) / steps);
        }
        return History.of(DAY, MONDAY, values);
    }

    private static double normal(SplittableRandom random) {
        return StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()))
                * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }
}
