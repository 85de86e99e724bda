package io.emberwatch.benchmarks.push;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.push.kafka.RecordWriter;
import io.emberwatch.service.log.Logging;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Processor time of a line through one, two and four Routers, each held to one core, at the same load. */
public final class ScalingBenchmark implements Benchmark {
    private static final int[] INSTANCES = {1, 2, 4};
    private static final double LINES_PER_SECOND = 100_000;
    private static final int WARM_UP_SECONDS = 20;
    private static final int SLICES = 5;

    @Override
    public String name() {
        return "push/scaling";
    }

    @Override
    public String description() {
        return "CPU per line of 1, 2, 4 Routers over as many partitions, each held to a core, at 100 000 lines/s";
    }

    @Override
    public void run(Report report) throws IOException {
        Logging.configure("error");
        double least = Double.MAX_VALUE;
        double most = 0;
        for (int instances : INSTANCES) {
            double cost = cost(instances);
            report.say(String.format(Locale.ROOT, "%d: %.2f µs/line", instances, cost));
            report.figure(instances + " Routers, all of them together", cost, "µs/line", "—", true);
            least = Math.min(least, cost);
            most = Math.max(most, cost);
        }
        report.atMost("Routers 1 → 2 → 4, dearest to cheapest", most, least, "µs/line", 1.1);
    }

    private static double cost(int instances) throws IOException {
        try (Pipeline pipeline = new Pipeline(instances, 1)) {
            int cores = Runtime.getRuntime().availableProcessors();
            for (int i = 0; i < instances; i++) {
                pipeline.add("router", i, List.of("/usr/bin/taskset", "-c", Integer.toString(i % cores)));
            }
            try (RecordWriter writer = new RecordWriter(pipeline.kafka, "load");
                    PacedLoad load = new PacedLoad(writer, "metrics", LINES_PER_SECOND, () -> 0)) {
                Processes.pause(1000L * WARM_UP_SECONDS);
                List<Double> costs = new ArrayList<>();
                for (int slice = 0; slice < SLICES; slice++) {
                    double cpu = cpu(pipeline);
                    double lines = lines(pipeline);
                    Processes.pause(1000L * Settings.SECONDS / SLICES);
                    costs.add((cpu(pipeline) - cpu) * 1e6 / (lines(pipeline) - lines));
                }
                load.end();
                return Measured.median(
                        costs.stream().mapToDouble(Double::doubleValue).toArray());
            }
        }
    }

    private static double cpu(Pipeline pipeline) throws IOException {
        double seconds = 0;
        for (Processes.One one : pipeline.components) {
            seconds += one.cpuSeconds();
        }
        return seconds;
    }

    private static double lines(Pipeline pipeline) throws IOException {
        double lines = 0;
        for (Processes.One one : pipeline.components) {
            lines += Processes.metric(one, "emberwatch_push_router_lines_total");
        }
        return lines;
    }
}
