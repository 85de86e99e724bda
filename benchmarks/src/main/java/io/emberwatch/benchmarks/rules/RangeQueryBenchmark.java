package io.emberwatch.benchmarks.rules;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/**
 * Processor time of queries over the HTTP API, answer written included, of two server processes over the same samples:
 * 5 302 series of 1 200 samples, in blocks on disk at Prometheus, in memory here. The asking is not counted.
 *
 * @see StoredRangeBenchmark for what is no longer in memory
 */
public final class RangeQueryBenchmark implements Benchmark {
    private static final int ROUNDS = 3;
    private static final double ROUND_SECONDS = 0.4;
    private static final double BAR = 0.4;
    private static final String ALL = "6h";
    private static final Duration CLEANED_UP = Duration.ofMinutes(6);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** @param steps 1 for an instant query */
    record Query(String text, int steps) {}

    static final List<Query> QUERIES = List.of(
            new Query("sum(a_one)", 1),
            new Query("a_hundred", 1),
            new Query("rate(a_hundred[1m])", 1),
            new Query("a_2000", 1),
            new Query("sum(a_2000)", 1),
            new Query("sum(rate(a_2000[1m]))", 1),
            new Query("sum(rate(a_2000[1h]))", 1),
            new Query("a_2000 - b_2000", 1),
            new Query("sum by (l) (a_2000)", 1),
            new Query("histogram_quantile(0.9, rate(h_hundred[5m]))", 1),
            new Query("sum(a_hundred)", 1000),
            new Query("sum(a_2000)", 1000),
            new Query("sum(rate(a_2000[1m]))", 1000),
            new Query("count(a_2000 - b_2000)", 1000),
            new Query("count(sum by (l) (a_2000))", 1000),
            new Query("histogram_quantile(0.9, rate(h_hundred[5m]))", 1000));

    private interface Cpu {
        double seconds() throws IOException;
    }

    @Override
    public String name() {
        return "rules/range";
    }

    @Override
    public String description() {
        return "16 queries over 5 302 series of 1 200 samples; Prometheus 2.42 on the same samples";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        run(report, ALL, QUERIES);
    }

    /** @param window how far back the engine keeps samples in memory; what is older it reads from its database */
    static void run(Report report, String window, List<Query> queries) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bench-range");
        long end = InstantSource.system().millis() / 10_000 * 10_000;
        long start = end - (RangeData.POINTS - 1) * RangeData.STEP;
        report.say("writing samples");
        RangeData.write(folder.resolve("page.om"), start);
        PrometheusPeer.blocks(folder, folder.resolve("page.om"));
        Files.delete(folder.resolve("page.om"));
        int port = PrometheusPeer.freePort();
        Process ours = server(folder, port, window, Long.toString(start));
        try (PrometheusPeer peer = PrometheusPeer.start(folder, "global: {}\n")) {
            awaitIdle(report, ours);
            if (!window.equals(ALL)) {
                // After a restart memory holds what the window says, at once.
                ours.destroy();
                ours.waitFor();
                ours = server(folder, port, window, "");
                awaitIdle(report, ours);
            }
            long pid = ours.pid();
            compare(report, "http://127.0.0.1:" + port, () -> Measured.cpuSeconds(pid), peer, end / 1000, queries);
            if (!window.equals(ALL)) {
                disk(report, "http://127.0.0.1:" + port, folder.resolve("data"));
            }
        } finally {
            ours.destroy();
            ours.waitFor();
        }
    }

    // Ours once it has put its samples in chunks and dropped them from its log, which takes some minutes; the peer's
    // blocks
    // are as promtool made them.
    private static void disk(Report report, String base, Path blocks) throws IOException, InterruptedException {
        report.say("waiting until ours has cleaned up");
        long end = System.nanoTime() + CLEANED_UP.toNanos();
        double first = size(base);
        double ours = first;
        while (ours > 0.9 * first && System.nanoTime() < end) {
            PrometheusPeer.pause(Duration.ofSeconds(5));
            ours = size(base);
        }
        double theirs = 0;
        try (Stream<Path> files = Files.walk(blocks)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                boolean block = blocks.relativize(file).getNameCount() > 1
                        && !file.startsWith(blocks.resolve("wal"))
                        && !file.startsWith(blocks.resolve("chunks_head"));
                theirs += block ? Files.size(file) : 0;
            }
        }
        double samples = (double) RangeData.series().size() * RangeData.POINTS;
        report.atMost("disk, bytes per sample, at rest", ours / samples, theirs / samples, "B", 1);
    }

    private static double size(String base) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + "/metrics")).build();
        String metric = "emberwatch_rules_store_size_bytes ";
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(metric))
                .mapToDouble(line -> Double.parseDouble(line.substring(metric.length())))
                .findFirst()
                .orElseThrow(() -> new IOException(base + " shows no " + metric));
    }

    private static Process server(Path folder, int port, String window, String start) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx2g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        QueryServer.class.getName(),
                        Integer.toString(port),
                        folder.resolve("ours").toString(),
                        window,
                        start)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("ours.log").toFile()))
                .start();
    }

    private static void awaitIdle(Report report, Process ours) throws IOException {
        report.say("waiting until ours has taken its samples");
        double before = -1;
        double now = 0;
        while (now - before > 0.05) {
            PrometheusPeer.pause(Duration.ofSeconds(4));
            before = now;
            now = Measured.cpuSeconds(ours.pid());
        }
    }

    private static void compare(
            Report report, String base, Cpu ours, PrometheusPeer peer, long end, List<Query> queries)
            throws IOException, InterruptedException {
        for (Query query : queries) {
            String path = path(query, end);
            spent(base + path, query.steps() == 1 ? 400 : 10, ours);
            spent(peer.base() + path, query.steps() == 1 ? 20 : 2, peer::cpuSeconds);
        }
        double product = 1;
        double worst = 0;
        for (Query query : queries) {
            String path = path(query, end);
            check(base + path, peer.base() + path);
            double probe = spent(peer.base() + path, 5, peer::cpuSeconds) * 5;
            int times = (int) Math.max(3, Math.min(1500, ROUND_SECONDS / Math.max(probe / 5, 1e-4)));
            spent(base + path, 2 * times, ours);
            double[] mine = new double[ROUNDS];
            double[] theirs = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                mine[round] = spent(base + path, times, ours);
                theirs[round] = spent(peer.base() + path, times, peer::cpuSeconds);
            }
            double a = Measured.median(mine);
            double b = Measured.median(theirs);
            product *= a / b;
            worst = Math.max(worst, a / b);
            report.atMost(
                    query.text() + ", " + query.steps() + (query.steps() == 1 ? " step" : " steps"),
                    a * 1000,
                    b * 1000,
                    "ms",
                    1);
        }
        double mean = Math.pow(product, 1.0 / queries.size());
        report.figure("geometric mean of the " + queries.size() + " ratios", mean, "×", "≤ " + BAR, mean <= BAR);
        report.figure("worst of the " + queries.size() + " ratios", worst, "×", "≤ 1", worst <= 1);
    }

    private static String path(Query query, long end) {
        String text = URLEncoder.encode(query.text(), StandardCharsets.UTF_8);
        return query.steps() == 1
                ? "/api/v1/query?query=" + text + "&time=" + end
                : "/api/v1/query_range?query=" + text + "&end=" + end + "&start=" + (end - 9990) + "&step=10";
    }

    // Both must answer, and about as much: sums of the peer have more digits.
    private static void check(String ours, String theirs) throws IOException, InterruptedException {
        long a = get(ours);
        long b = get(theirs);
        if (Math.abs(a - b) > 0.5 * b + 300) {
            throw new IOException(ours + " answered " + a + " bytes, the peer " + b);
        }
    }

    private static double spent(String url, int times, Cpu cpu) throws IOException, InterruptedException {
        double before = cpu.seconds();
        for (int i = 0; i < times; i++) {
            get(url);
        }
        return (cpu.seconds() - before) / times;
    }

    private static long get(String url) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer =
                HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            if (answer.statusCode() != 200) {
                throw new IOException(url + ": " + new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
            long size = 0;
            byte[] buffer = new byte[1 << 16];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                size += n;
            }
            return size;
        }
    }
}
