package io.emberwatch.benchmarks.store;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Report;
import java.io.IOException;
import java.time.InstantSource;

/** How memory and CPU grow with the number of series, to a million. */
public final class CurveBenchmark implements Benchmark {
    private static final int[] SERIES = {125_000, 250_000, 500_000, 1_000_000};
    private static final int SAMPLES = 3;

    @Override
    public String name() {
        return "store/curve";
    }

    @Override
    public String description() {
        return "memory and CPU per series from 125 000 to a million series, beside Prometheus";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        for (int series : SERIES) {
            Workload workload = new Workload(series);
            try (Folders folders = new Folders();
                    Server engine = Server.engine(folders.resolve("engine"), "global: {}\n");
                    Server prometheus = Server.prometheus(folders.resolve("prometheus"), "global: {}\n")) {
                double own = engine.cpuSeconds();
                double peer = prometheus.cpuSeconds();
                long begin = InstantSource.system().millis() - SAMPLES * 15_000L;
                for (int round = 0; round < SAMPLES; round++) {
                    workload.requests(round, begin + round * 15_000L, block -> {
                        engine.write(block);
                        prometheus.write(block);
                    });
                }
                report.atMost(
                        series + " series made, three samples each: CPU per series",
                        (engine.cpuSeconds() - own) / series * 1e6,
                        (prometheus.cpuSeconds() - peer) / series * 1e6,
                        "µs",
                        1);
                report.atMost(
                        series + " series: resident memory per series",
                        (double) engine.residentBytes() / series,
                        (double) prometheus.residentBytes() / series,
                        "B",
                        1.2);
            }
        }
    }
}
