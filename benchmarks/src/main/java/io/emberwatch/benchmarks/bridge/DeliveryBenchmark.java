package io.emberwatch.benchmarks.bridge;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How many posts a second leave the bridge, each of an incident of its own, received, kept and put down as delivered. */
public final class DeliveryBenchmark implements Benchmark {
    private static final int MESSAGES = 4000;
    private static final int ROUNDS = 3;

    @Override
    public String name() {
        return "bridge/delivery";
    }

    @Override
    public String description() {
        return "posts a second over one channel, from the webhook on";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bridge-delivery");
        double[] rates = new double[ROUNDS];
        double[] cpu = new double[ROUNDS];
        try (BridgeProcess bridge = new BridgeProcess(folder, 1_000_000, "4GiB");
                Wire wire = new Wire(bridge.port(), "/webhook")) {
            round(bridge, wire, 0);
            for (int i = 0; i < ROUNDS; i++) {
                double before = bridge.cpuSeconds();
                rates[i] = round(bridge, wire, i + 1);
                cpu[i] = (bridge.cpuSeconds() - before) / MESSAGES * 1e6;
            }
        }
        report.figure("posts over one channel", Measured.median(rates), "/s", "", true);
        report.figure("processor time for a post, receiving included", Measured.median(cpu), "µs", "", true);
    }

    private static double round(BridgeProcess bridge, Wire wire, int number) throws IOException {
        int before = bridge.posts();
        long begin = System.nanoTime();
        for (int i = 0; i < MESSAGES; i++) {
            wire.post(Bodies.group("Round" + number, 1, i));
        }
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (bridge.posts() - before < MESSAGES) {
            if (System.nanoTime() > end) {
                throw new IOException("not everything was posted");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return MESSAGES / ((System.nanoTime() - begin) / 1e9);
    }
}
