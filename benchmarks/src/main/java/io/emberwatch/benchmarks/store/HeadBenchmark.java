package io.emberwatch.benchmarks.store;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Report;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** Two hours of samples by remote write into both servers: memory, disk, CPU. */
public final class HeadBenchmark implements Benchmark {
    private static final long TWO_HOURS_MILLIS = 7_200_000;
    private static final String NOTHING = "global: {}\n";

    /** @param memory what the engine's configuration says of the store's memory; empty for what it does unasked */
    private record Load(String name, int series, int samples, String memory) {
        long stepMillis() {
            return TWO_HOURS_MILLIS / samples;
        }
    }

    private static final List<Load> LOADS = List.of(
            new Load("60 000 series, a sample a minute", 60_000, 120, ""),
            new Load("20 000 series, a sample each 15 s", 20_000, 480, ""),
            new Load("20 000 series, a sample each 15 s, memory_window: 3h", 20_000, 480, ", memory_window: 3h"));

    @Override
    public String name() {
        return "store/head";
    }

    @Override
    public String description() {
        return "memory and disk for two hours of 60 000 and of 20 000 series by remote write, beside Prometheus";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        for (Load load : LOADS) {
            run(report, load);
        }
    }

    private static void run(Report report, Load load) throws IOException, InterruptedException {
        Workload workload = new Workload(load.series());
        try (Folders folders = new Folders();
                Server engine = Server.engine(folders.resolve("engine"), NOTHING, load.memory());
                Server prometheus = Server.prometheus(folders.resolve("prometheus"), NOTHING)) {
            double ownStart = engine.cpuSeconds();
            double peerStart = prometheus.cpuSeconds();
            long ownEmpty = engine.residentBytes();
            long peerEmpty = prometheus.residentBytes();
            long begin = InstantSource.system().millis() - TWO_HOURS_MILLIS;
            for (int round = 0; round < load.samples(); round++) {
                workload.requests(round, begin + round * load.stepMillis(), block -> {
                    engine.write(block);
                    prometheus.write(block);
                });
                if (round % (load.samples() / 4) == load.samples() / 4 - 1) {
                    report.say(String.format(
                            Locale.ROOT,
                            "%d samples each: %.0f and %.0f MB resident",
                            round + 1,
                            engine.residentBytes() / 1e6,
                            prometheus.residentBytes() / 1e6));
                }
            }
            double samples = (double) load.series() * load.samples();
            report.atMost(
                    load.name() + ": remote write in, CPU per million samples",
                    (engine.cpuSeconds() - ownStart) / samples * 1e6,
                    (prometheus.cpuSeconds() - peerStart) / samples * 1e6,
                    "s",
                    1);
            // Past the next round of housekeeping, and garbage collections with it.
            LockSupport.parkNanos(Duration.ofSeconds(65).toNanos());
            double own = (double) engine.residentBytes() / load.series();
            double peer = (double) prometheus.residentBytes() / load.series();
            report.atMost(load.name() + ": resident memory per series", own, peer, "B", 1.2);
            report.atMost(
                    load.name() + ": the same without the empty server",
                    own - (double) ownEmpty / load.series(),
                    peer - (double) peerEmpty / load.series(),
                    "B",
                    1.2);
            report.atMost(
                    load.name() + ": disk, bytes per sample, log included",
                    engine.diskBytes() / samples,
                    prometheus.diskBytes() / samples,
                    "B",
                    1);
        }
    }
}
