package io.emberwatch.benchmarks.store;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** One target with 100 000 series, fetched, parsed and stored again and again by both servers. */
public final class ScrapeBenchmark implements Benchmark {
    private static final int SERIES = 100_000;
    private static final int WARM = 12;
    private static final int ROUNDS = 5;
    private static final int SCRAPES_PER_ROUND = 4;
    private static final int VARIANTS = 6;

    private final byte[][] pages = new byte[VARIANTS][];
    private final AtomicInteger ours = new AtomicInteger();
    private final AtomicInteger theirs = new AtomicInteger();

    @Override
    public String name() {
        return "store/scrape";
    }

    @Override
    public String description() {
        return "CPU of scraping, parsing and storing a page of 100 000 series, beside Prometheus";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        Workload workload = new Workload(SERIES);
        for (int i = 0; i < VARIANTS; i++) {
            pages[i] = workload.page(i + 1);
        }
        try (Folders folders = new Folders();
                HttpServer target = HttpServer.start(
                        ListenAddress.parse("127.0.0.1:0"), List.of(page("/ours", ours), page("/theirs", theirs)));
                Server engine = Server.engine(folders.resolve("engine"), configuration(target, "/ours"));
                Server prometheus =
                        Server.prometheus(folders.resolve("prometheus"), configuration(target, "/theirs"))) {
            await(WARM);
            double[] own = new double[ROUNDS];
            double[] peer = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                own[round] = round(engine, ours);
                peer[round] = round(prometheus, theirs);
                report.say(String.format(Locale.ROOT, "%.3f and %.3f CPU seconds a scrape", own[round], peer[round]));
            }
            check(engine);
            check(prometheus);
            report.atMost(
                    "scrape + parse + append, 100 000 series, CPU per scrape",
                    Measured.median(own),
                    Measured.median(peer),
                    "s",
                    0.7);
            report.atMost(
                    "resident memory per scraped series, first minutes",
                    (double) engine.residentBytes() / SERIES,
                    (double) prometheus.residentBytes() / SERIES,
                    "B",
                    1.2);
        }
    }

    private Route page(String path, AtomicInteger scrapes) {
        return Route.get(path, exchange -> {
            byte[] page = pages[scrapes.getAndIncrement() % VARIANTS];
            exchange.stream(200, "text/plain; version=0.0.4; charset=utf-8").write(page);
        });
    }

    private static String configuration(HttpServer target, String path) {
        return """
                global: {scrape_interval: 2s, scrape_timeout: 2s}
                scrape_configs:
                  - {job_name: app, metrics_path: %s, static_configs: [{targets: ["127.0.0.1:%d"]}]}
                """.formatted(path, target.port());
    }

    private void await(int scrapes) {
        while (ours.get() < scrapes || theirs.get() < scrapes) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    // From the beginning of one scrape to the beginning of a later one.
    private static double round(Server server, AtomicInteger scrapes) throws IOException {
        int from = next(scrapes, scrapes.get() + 1);
        double before = server.cpuSeconds();
        int to = next(scrapes, from + SCRAPES_PER_ROUND);
        return (server.cpuSeconds() - before) / (to - from);
    }

    private static int next(AtomicInteger scrapes, int wanted) {
        while (scrapes.get() < wanted) {
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
        return scrapes.get();
    }

    private static void check(Server server) throws IOException {
        String answer = server.query("scrape_samples_scraped%7Bjob=%22app%22%7D");
        if (!answer.contains("\"" + SERIES + "\"")) {
            throw new IOException("not all samples were taken: " + answer);
        }
    }
}
