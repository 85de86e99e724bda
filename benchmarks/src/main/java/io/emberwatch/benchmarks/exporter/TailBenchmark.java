package io.emberwatch.benchmarks.exporter;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.exporter.tail.TailConfig;
import io.emberwatch.exporter.tail.TailPart;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** An access log counted by three regular expressions, beside Debian's mtail; both must come to the same sums. */
public final class TailBenchmark implements Benchmark {
    private static final int LINES = 500_000;
    private static final int ROUNDS = 7;
    private static final String MTAIL = "/usr/bin/mtail";
    private static final String PROGRAM = """
            counter requests by method, status
            counter sent_bytes
            counter server_errors
            /"(?P<method>[A-Z]+) \\S+ HTTP\\/[0-9.]+" (?P<status>\\d{3}) / {
              requests[$method][$status]++
            }
            /" \\d{3} (?P<bytes>\\d+) "/ {
              sent_bytes += $bytes
            }
            /" 5\\d\\d / {
              server_errors++
            }
            """;
    private static final String TAIL = """
            name: access
            paths: [%s]
            from: beginning
            rules:
              - name: requests_total
                match: '"(?P<method>[A-Z]+) \\S+ HTTP/[0-9.]+" (?P<status>\\d{3}) '
                labels: {method: method, status: status}
              - {name: sent_bytes_total, match: '" \\d{3} (?P<bytes>\\d+) "', value: bytes}
              - {name: server_errors_total, match: '" 5\\d\\d '}
            """;

    @Override
    public String name() {
        return "exporter/tail";
    }

    @Override
    public String description() {
        return "log lines per CPU second, three regular expressions, beside mtail";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(MTAIL))) {
            throw new IOException(MTAIL + " is missing; the Debian package is mtail");
        }
        Path folder = Files.createTempDirectory("tail-benchmark");
        try {
            measure(report, folder);
        } finally {
            delete(folder);
        }
    }

    private static void measure(Report report, Path folder) throws IOException, InterruptedException {
        Path log = folder.resolve("access.log");
        Path empty = Files.createFile(folder.resolve("empty.log"));
        Path programs = Files.createDirectory(folder.resolve("programs"));
        Files.writeString(programs.resolve("access.mtail"), PROGRAM);
        writeLog(log);
        double[] ours = new double[ROUNDS];
        double[] theirs = new double[ROUNDS];
        double first = 0;
        for (int round = -2; round < ROUNDS; round++) {
            Counted own = tail(log, folder.resolve("data" + round));
            double idle = mtail(programs, empty).seconds;
            Counted peer = mtail(programs, log);
            if (!own.sums.equals(peer.sums)) {
                throw new IOException("the sums differ: " + own.sums + " and " + peer.sums);
            }
            if (round == -2) {
                first = LINES / own.seconds;
            }
            if (round >= 0) {
                ours[round] = LINES / own.seconds;
                theirs[round] = LINES / (peer.seconds - idle);
                report.say(String.format(Locale.ROOT, "%.0f and %.0f lines/s", ours[round], theirs[round]));
            }
        }
        report.atLeast(
                "log lines per CPU second, three regular expressions",
                Measured.median(ours),
                Measured.median(theirs),
                "lines/s",
                3);
        report.figure("the same, first round of a fresh JVM", first, "lines/s", "—", true);
    }

    private static void writeLog(Path log) throws IOException {
        Random random = new Random(20261121);
        String[] methods = {"GET", "GET", "GET", "POST", "PUT"};
        int[] statuses = {200, 200, 200, 200, 304, 404, 500, 503};
        try (BufferedWriter out = Files.newBufferedWriter(log)) {
            for (int i = 0; i < LINES; i++) {
                out.write(String.format(
                        Locale.ROOT,
                        "10.%d.%d.%d - - [21/Nov/2026:08:%02d:%02d +0000] \"%s /api/v1/items/%d?page=%d HTTP/1.1\" %d %d"
                                + " \"https://shop.example/start\" \"Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0\"%n",
                        random.nextInt(256),
                        random.nextInt(256),
                        random.nextInt(256),
                        i / 60 % 60,
                        i % 60,
                        methods[random.nextInt(methods.length)],
                        random.nextInt(100_000),
                        random.nextInt(50),
                        statuses[random.nextInt(statuses.length)],
                        random.nextInt(100_000)));
            }
        }
    }

    /** @param sums what all series of a metric add up to */
    private record Counted(double seconds, List<Double> sums) {}

    // With its thread, its journal and a scrape every 20 ms.
    private static Counted tail(Path log, Path data) throws IOException {
        InstantSource clock = InstantSource.system();
        try (ThreadScheduler scheduler = new ThreadScheduler(clock)) {
            TailConfig config = ConfigReader.parse("tail.yml", TAIL.formatted(log), TailConfig.class);
            TailPart part = new TailPart(
                    List.of(config), new ServiceContext(clock, scheduler, data, data), new CollectorRegistry());
            SampleSource source = part.sources().get(0).samples();
            double before = Measured.ownCpuSeconds();
            part.start();
            List<Double> sums = sums(source);
            while (sums.get(0) < LINES) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                sums = sums(source);
            }
            double seconds = Measured.ownCpuSeconds() - before;
            part.close();
            return new Counted(seconds, sums);
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static List<Double> sums(SampleSource source) throws IOException {
        List<Double> sums = new ArrayList<>();
        for (String name : List.of("requests_total", "sent_bytes_total", "server_errors_total")) {
            double sum = 0;
            for (MetricFamily family : source.collect(Deadline.after(Duration.ofSeconds(10)))) {
                if (family.name().equals(name)) {
                    sum = family.points().stream()
                            .mapToDouble(point -> point.value())
                            .sum();
                }
            }
            sums.add(sum);
        }
        return sums;
    }

    // The shell says what processor time its child took; nobody else can once that has ended.
    private static Counted mtail(Path programs, Path log) throws IOException, InterruptedException {
        Path times = programs.resolveSibling("times");
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "TIMEFORMAT='%U %S'; { time \"$0\" --one_shot --one_shot_format prometheus --progs \"$1\" --logs \"$2\""
                                + " --logtostderr=false 2>/dev/null; } 2>\"$3\"",
                        MTAIL,
                        programs.toString(),
                        log.toString(),
                        times.toString())
                .start();
        String page = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(MTAIL + " failed");
        }
        double seconds = Stream.of(Files.readString(times).trim().split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .sum();
        return new Counted(
                seconds, List.of(sum(page, "requests{"), sum(page, "sent_bytes{"), sum(page, "server_errors{")));
    }

    private static double sum(String page, String prefix) {
        return page.lines()
                .filter(line -> line.startsWith(prefix))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
