package io.emberwatch.benchmarks.push;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.push.kafka.RecordWriter;
import io.emberwatch.service.log.Logging;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Processor time of a line through one, two and four Routers over as many partitions, each held to one core. Each has the
 * same rate, as when a farm grows; and four share the rate of one, which shows what an instance costs beside its lines.
 *
 * <p>Starting and compiling are no part of it: lines pass through until processor time for a line stays the same, and that
 * of the compilers, who go on for minutes, is left out.
 */
public final class ScalingBenchmark implements Benchmark {
    private static final int[] INSTANCES = {1, 2, 4};
    private static final double LINES_PER_SECOND = 50_000;
    private static final int SLICES = 3;

    /** More than is measured, so that what compiles is done with it sooner. */
    private static final double WARM_UP_LINES_PER_SECOND = 100_000;

    private static final int SETTLING_SECONDS = 5;

    @Override
    public String name() {
        return "push/scaling";
    }

    @Override
    public String description() {
        return "CPU per line of 1, 2, 4 Routers over as many partitions, each held to a core, 50 000 lines/s to each";
    }

    @Override
    public void run(Report report) throws IOException {
        Logging.configure("error");
        List<Double> costs = new ArrayList<>();
        double shared = 0;
        for (int instances : INSTANCES) {
            try (Routers routers = new Routers(instances)) {
                report.say(String.format(Locale.ROOT, "%d warm after %d s", instances, routers.warmUp()));
                double cost = routers.cost(instances * LINES_PER_SECOND);
                report.figure(instances + " Routers, 50 000 lines/s to each", cost, "µs/line", "—", true);
                costs.add(cost);
                shared = instances == 1 ? cost : routers.cost(LINES_PER_SECOND);
            }
        }
        double most = Collections.max(costs);
        report.atMost("Routers 1 → 2 → 4, dearest to cheapest", most, Collections.min(costs), "µs/line", 1.1);
        report.figure("50 000 lines/s shared by 4 Routers, all of them together", shared, "µs/line", "—", true);
    }

    /** Routers with a broker and a load. */
    private static final class Routers implements AutoCloseable {
        private final Pipeline pipeline;

        Routers(int instances) throws IOException {
            pipeline = new Pipeline(instances, 1);
            int cores = Runtime.getRuntime().availableProcessors();
            for (int i = 0; i < instances; i++) {
                pipeline.add("router", i, List.of("/usr/bin/taskset", "-c", Integer.toString(i % cores)));
            }
        }

        /** @return seconds */
        int warmUp() throws IOException {
            try (RecordWriter writer = new RecordWriter(pipeline.kafka, "load");
                    PacedLoad load = new PacedLoad(writer, "metrics", WARM_UP_LINES_PER_SECOND, () -> 0)) {
                int seconds = WarmUp.until(this::slice);
                load.end();
                return seconds;
            }
        }

        /** Microseconds of processor time for a line, all Routers together. */
        double cost(double linesPerSecond) throws IOException {
            try (RecordWriter writer = new RecordWriter(pipeline.kafka, "load");
                    PacedLoad load = new PacedLoad(writer, "metrics", linesPerSecond, () -> 0)) {
                slice(SETTLING_SECONDS);
                double[] costs = new double[SLICES];
                for (int i = 0; i < SLICES; i++) {
                    costs[i] = slice(Math.max(1, Settings.SECONDS / 2));
                }
                load.end();
                return Measured.median(costs);
            }
        }

        private double slice(int seconds) throws IOException {
            double cpu = cpu();
            double lines = lines();
            Processes.pause(1000L * seconds);
            return (cpu() - cpu) * 1e6 / (lines() - lines);
        }

        private double cpu() throws IOException {
            double seconds = 0;
            for (Processes.One one : pipeline.components) {
                seconds += one.cpuSeconds() - one.compilerSeconds();
            }
            return seconds;
        }

        private double lines() throws IOException {
            double lines = 0;
            for (Processes.One one : pipeline.components) {
                lines += Processes.metric(one, "emberwatch_push_router_lines_total");
            }
            return lines;
        }

        @Override
        public void close() throws IOException {
            pipeline.close();
        }
    }
}
