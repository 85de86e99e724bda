package io.emberwatch.exporter.sensor;

import java.io.PrintStream;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * The sensor of the Visualizer project, simulated: a load that swings between 5 and 10 with rare peaks above, a random
 * whole number between 4 and 8 million, a counter, and now and then the known defect, three zeros at once.
 */
public final class SimulatedSensor {
    private static final double PERIOD = 600;
    private static final double PEAK_CHANCE = 0.004;
    private static final double DEFECT_CHANCE = 0.005;

    private final RandomGenerator random;
    private long ticks;

    public SimulatedSensor(RandomGenerator random) {
        this.random = random;
    }

    /** The next second's line: three values with a space between. */
    public String next() {
        ticks++;
        if (random.nextDouble() < DEFECT_CHANCE) {
            return "0 0 0";
        }
        double load = 7 + 1.7 * Math.sin(2 * Math.PI * ticks / PERIOD) + 0.4 * random.nextGaussian();
        if (random.nextDouble() < PEAK_CHANCE) {
            load = 11 + 2 * random.nextDouble();
        }
        return String.format(Locale.ROOT, "%.3f %d %d", load, 4_000_000 + random.nextInt(4_000_001), ticks);
    }

    /** Prints a line and flushes; false when nobody reads any more. */
    public boolean printTo(PrintStream out) {
        out.println(next());
        out.flush();
        return !out.checkError();
    }
}
