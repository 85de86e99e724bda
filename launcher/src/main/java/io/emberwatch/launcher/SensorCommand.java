package io.emberwatch.launcher;

import io.emberwatch.exporter.sensor.SimulatedSensor;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "sensor",
        description = {
            "The simulated sensor: prints three values a second until it is stopped.",
            "A load that swings between 5 and 10, a random number between 4 and 8 million, a counter;"
                    + " now and then three zeros at once, the known defect."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SensorCommand implements Callable<Integer> {
    @Option(names = "--seed", paramLabel = "N", description = "makes the values repeatable")
    private @Nullable Long seed;

    @Option(names = "--count", paramLabel = "N", description = "ends after so many lines; default never")
    private long count = Long.MAX_VALUE;

    @Override
    public Integer call() throws InterruptedException {
        RandomGenerator random =
                seed == null ? RandomGenerator.of("L64X128MixRandom") : new java.util.SplittableRandom(seed);
        SimulatedSensor sensor = new SimulatedSensor(random);
        CountDownLatch never = new CountDownLatch(1);
        long start = System.nanoTime();
        for (long printed = 1; sensor.printTo(System.out) && printed < count; printed++) {
            long due = start + printed * TimeUnit.SECONDS.toNanos(1);
            if (never.await(due - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                break;
            }
        }
        return Emberwatch.OK;
    }
}
