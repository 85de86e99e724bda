package io.emberwatch.benchmarks.bridge;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Memory and disk while the bridge works for long with an outbox that is soon full. {@code -Dsoak.minutes=1440} is a day, {@code
 * -Dsoak.per_second} how many notifications arrive a second.
 * What lives on the heap after a collection is looked at ten times; the second half must not hold more than the first.
 */
public final class SoakBenchmark implements Benchmark {
    private static final int LOOKS = 10;
    private static final int OPEN = 1000;
    private static final long MIB = 1 << 20;
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private final double minutes = Double.parseDouble(System.getProperty("soak.minutes", "3"));
    private final int perSecond = Integer.getInteger("soak.per_second", 300);

    @Override
    public String name() {
        return "bridge/soak";
    }

    @Override
    public String description() {
        return "memory and disk over time, with an outbox of 32 MiB; -Dsoak.minutes, -Dsoak.per_second";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bridge-soak");
        List<Double> heap = new ArrayList<>();
        int refused = 0;
        int number = 0;
        double largest = 0;
        try (BridgeProcess bridge = new BridgeProcess(folder, 8, "32MiB");
                Wire wire = new Wire(bridge.port(), "/webhook")) {
            for (int look = 0; look < LOOKS; look++) {
                long end = System.nanoTime() + (long) (minutes * TimeUnit.MINUTES.toNanos(1) / LOOKS);
                long next = System.nanoTime();
                while (next < end) {
                    next += TimeUnit.SECONDS.toNanos(1) / perSecond;
                    LockSupport.parkNanos(next - System.nanoTime());
                    refused += wire.post(body(number++)) == 200 ? 0 : 1;
                }
                heap.add(liveBytes(bridge.pid()) / MIB);
                double disk = size(folder.resolve("data")) / MIB;
                largest = Math.max(largest, disk);
                report.say(String.format(
                        "%d received, %d refused, heap %.1f MiB, resident %.0f MB, outbox %.1f MiB",
                        number, refused, heap.get(look), Measured.residentBytes(bridge.pid()) / 1e6, disk));
            }
            double early = Measured.median(heap.subList(1, LOOKS / 2).stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray());
            double late = Measured.median(heap.subList(LOOKS / 2, LOOKS).stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray());
            report.figure("webhooks in " + minutes + " minutes", number, "", "", true);
            report.figure("of them refused because the outbox was full", refused, "", "", true);
            report.figure("live heap, second half beside the first", late / early, "×", "≤ 1.1", late / early <= 1.1);
            report.figure("live heap at the end", heap.get(LOOKS - 1), "MiB", "≤ 128 MiB", true);
            report.figure("largest outbox, log included", largest, "MiB", "≤ 128 MiB", largest <= 128);
        }
    }

    // Every other one is the end of a group that began a while ago; one group in a hundred never ends.
    private static byte[] body(int number) {
        int group = number / 2;
        boolean ends = number % 2 == 1 && group >= OPEN && (group - OPEN) % 100 != 0;
        int which = ends ? group - OPEN : group;
        byte[] fires = Bodies.group("Soak" + which % 50, 1, which);
        return ends ? Bodies.resolved(fires) : fires;
    }

    private static double liveBytes(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
        double all = 0;
        for (int space = 0; space < 2 && used.find(); space++) {
            all += Double.parseDouble(used.group(1)) * 1024;
        }
        return all;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    private static double size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            double all = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all += Files.size(file);
            }
            return all;
        }
    }
}
