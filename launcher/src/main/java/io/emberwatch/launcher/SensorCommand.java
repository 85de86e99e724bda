package io.emberwatch.launcher;

import io.emberwatch.exporter.sensor.SimulatedSensor;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.time.InstantSource;
import java.util.concurrent.Callable;
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

    @Option(names = "--count", paramLabel = "N", description = "prints so many lines at once and ends")
    private long count = Long.MAX_VALUE;

    @Override
    public Integer call() throws InterruptedException {
        RandomGenerator random =
                seed == null ? RandomGenerator.of("L64X128MixRandom") : new java.util.SplittableRandom(seed);
        if (count < Long.MAX_VALUE) {
            SimulatedSensor sensor = new SimulatedSensor(random);
            for (long printed = 0; printed < count; printed++) {
                System.out.println(sensor.nextLine());
            }
            return Emberwatch.OK;
        }
        try (ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system())) {
            SimulatedSensor.run(System.out, random, scheduler);
        }
        return Emberwatch.OK;
    }
}
