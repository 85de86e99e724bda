package io.emberwatch.exporter.sensor;

import io.emberwatch.model.time.Scheduler;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/**
 * The sensor of the Visualizer, simulated: a line a second with a sine-like load between 5 and 10, a random whole number
 * between 4 and 8 million, and a counter. Now and then the load is far above 10, and now and then all three are zero, which
 * is the sensor's known defect.
 */
public final class SimulatedSensor {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final double PERIOD_SECONDS = 300;
    private static final double MEAN_LOAD = 7.5;
    private static final double SWING = 2.2;
    private static final double NOISE = 0.3;
    private static final double OUTLIERS = 0.01;
    private static final double DEFECTS = 0.01;
    private static final int LEAST_RANDOM = 4_000_000;
    private static final int MOST_RANDOM = 8_000_000;

    private final RandomGenerator random;
    private long ticks;

    public SimulatedSensor(RandomGenerator random) {
        this.random = random;
    }

    /** What the sensor prints next, without a line end. The counter goes on during a defect. */
    public String nextLine() {
        ticks++;
        if (random.nextDouble() < DEFECTS) {
            return "0 0 0";
        }
        double load =
                MEAN_LOAD + SWING * Math.sin(2 * Math.PI * ticks / PERIOD_SECONDS) + random.nextDouble(-NOISE, NOISE);
        if (random.nextDouble() < OUTLIERS) {
            load = random.nextDouble(11, 16);
        }
        return String.format(Locale.ROOT, "%.3f %d %d", load, random.nextInt(LEAST_RANDOM, MOST_RANDOM + 1), ticks);
    }

    /** Prints a line every second until {@code out} takes no more or the thread is interrupted. */
    public static void run(PrintStream out, RandomGenerator random, Scheduler scheduler) throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        SimulatedSensor sensor = new SimulatedSensor(random);
        Scheduler.Task task = scheduler.every("sensor", SECOND, Duration.ZERO, at -> {
            out.print(sensor.nextLine() + "\n");
            if (out.checkError()) {
                closed.countDown();
            }
        });
        try (task) {
            closed.await();
        }
    }
}
