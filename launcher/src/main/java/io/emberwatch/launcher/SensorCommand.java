package io.emberwatch.launcher;

import io.emberwatch.exporter.sensor.SimulatedSensor;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "sensor",
        description = {
            "The simulated sensor: prints three values a second until it is stopped.",
            "A load that swings between 5 and 10, a random number between 4 and 8 million, a counter;"
                    + " now and then three zeros at once, the known defect."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Examples:", "  emberwatch sensor", "  emberwatch sensor --count 60 --seed 1"})
final class SensorCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "makes the values repeatable: the same number, the same lines; by default they differ each time")
    private @Nullable Long seed;

    @Option(names = "--count", paramLabel = "N", description = "prints so many lines at once and ends")
    private long count = Long.MAX_VALUE;

    @Override
    public Integer call() throws InterruptedException {
        if (count < 0) {
            throw new ParameterException(spec.commandLine(), "--count: " + count + ": expected 0 or more");
        }
        RandomGenerator random =
                seed == null ? RandomGenerator.of("L64X128MixRandom") : new java.util.SplittableRandom(seed);
        if (count < Long.MAX_VALUE) {
            print(new SimulatedSensor(random), count, spec.commandLine().getOut());
            return Emberwatch.OK;
        }
        try (ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system())) {
            SimulatedSensor.run(System.out, random, scheduler);
        }
        return Emberwatch.OK;
    }

    private static void print(SimulatedSensor sensor, long count, PrintWriter out) {
        for (long printed = 0; printed < count && !out.checkError(); printed++) {
            out.print(sensor.nextLine() + "\n");
        }
        out.flush();
    }
}
