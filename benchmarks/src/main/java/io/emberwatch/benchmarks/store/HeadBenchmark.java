package io.emberwatch.benchmarks.store;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Report;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** Two hours of samples, one a minute, by remote write into both servers: memory, disk, CPU. */
public final class HeadBenchmark implements Benchmark {
    private static final int SERIES = 60_000;
    private static final int SAMPLES = 120;
    private static final long STEP_MILLIS = 60_000;
    private static final String NOTHING = "global: {}\n";

    @Override
    public String name() {
        return "store/head";
    }

    @Override
    public String description() {
        return "memory and disk for two hours of 60 000 series by remote write, beside Prometheus";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        Workload workload = new Workload(SERIES);
        try (Folders folders = new Folders();
                Server engine = Server.engine(folders.resolve("engine"), NOTHING);
                Server prometheus = Server.prometheus(folders.resolve("prometheus"), NOTHING)) {
            double ownStart = engine.cpuSeconds();
            double peerStart = prometheus.cpuSeconds();
            long ownEmpty = engine.residentBytes();
            long peerEmpty = prometheus.residentBytes();
            long begin = InstantSource.system().millis() - SAMPLES * STEP_MILLIS;
            for (int round = 0; round < SAMPLES; round++) {
                workload.requests(round, begin + round * STEP_MILLIS, block -> {
                    engine.write(block);
                    prometheus.write(block);
                });
                if (round % 30 == 29) {
                    report.say(String.format(
                            Locale.ROOT,
                            "%d samples each: %.0f and %.0f MB resident",
                            round + 1,
                            engine.residentBytes() / 1e6,
                            prometheus.residentBytes() / 1e6));
                }
            }
            report.atMost(
                    "remote write in, CPU per million samples",
                    (engine.cpuSeconds() - ownStart) / SERIES / SAMPLES * 1e6,
                    (prometheus.cpuSeconds() - peerStart) / SERIES / SAMPLES * 1e6,
                    "s",
                    1);
            // Past the next round of housekeeping, and garbage collections with it.
            LockSupport.parkNanos(Duration.ofSeconds(65).toNanos());
            double own = (double) engine.residentBytes() / SERIES;
            double peer = (double) prometheus.residentBytes() / SERIES;
            report.atMost("resident memory per series, two hours in the head", own, peer, "B", 1.2);
            report.atMost(
                    "the same without the empty server",
                    own - (double) ownEmpty / SERIES,
                    peer - (double) peerEmpty / SERIES,
                    "B",
                    1.2);
            double samples = (double) SERIES * SAMPLES;
            report.atMost(
                    "disk, bytes per sample, log included",
                    engine.diskBytes() / samples,
                    prometheus.diskBytes() / samples,
                    "B",
                    1);
        }
    }
}
