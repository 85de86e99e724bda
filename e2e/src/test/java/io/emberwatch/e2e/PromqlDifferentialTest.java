package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.SeriesSource;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random queries, answered by our engine and by Debian's Prometheus 2.42 over the same samples. What differs because
 * Prometheus changed since falls into a class of {@link ExplainedDifference}; all else is a fault.
 *
 * <p>{@code -Demberwatch.differential.queries=100000 -Demberwatch.differential.seed=7} makes it long, another seed makes
 * it another one.
 */
final class PromqlDifferentialTest {
    private static final Logger logger = LoggerFactory.getLogger("differential");
    private static final int QUERIES = Integer.getInteger("emberwatch.differential.queries", 2000);
    private static final long SEED = Long.getLong("emberwatch.differential.seed", 1);
    private static final int THREADS = 3;
    private static final int SHOWN = 40;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final List<Series> series = RandomSeries.of(SEED);
    private final QueryEngine engine = new QueryEngine(new Scan(series), EngineOptions.defaults());
    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<String> unexplained = new ConcurrentLinkedQueue<>();
    private final Map<ExplainedDifference, AtomicInteger> explained = new TreeMap<>();
    private final AtomicInteger results = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();
    private ServerProcess prometheus;
    private String base;

    /** Series that are looked through one by one. */
    record Scan(List<Series> series) implements SeriesSource {
        @Override
        public List<Series> select(List<Matcher> matchers, long mintMillis, long maxtMillis) {
            List<Series> selected = new ArrayList<>();
            for (Series one : series) {
                if (matchers.stream().allMatch(matcher -> matcher.matches(one.labels()))) {
                    selected.add(one);
                }
            }
            return selected;
        }
    }

    @BeforeEach
    void start() throws Exception {
        String server = Peers.program("/usr/bin/prometheus", "prometheus");
        Path page = Files.writeString(folder.resolve("series.om"), RandomSeries.page(series));
        Path data = folder.resolve("data");
        PrometheusServer.fill(page, data);
        Path config = Files.writeString(folder.resolve("prometheus.yml"), "global: {evaluation_interval: 1m}\n");
        base = "http://127.0.0.1:" + Peers.freePort();
        prometheus = ServerProcess.start(
                "prometheus",
                folder,
                List.of(
                        server,
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + data,
                        "--storage.tsdb.retention.time=100y",
                        "--web.listen-address=" + base.substring("http://".length())));
        Peers.await("Prometheus is ready", Duration.ofSeconds(30), () -> Http.isOk(base + "/-/ready"));
    }

    @AfterEach
    void stop() {
        prometheus.close();
    }

    @Test
    void answersAsPrometheusDoes() throws Exception {
        for (ExplainedDifference one : ExplainedDifference.values()) {
            explained.put(one, new AtomicInteger());
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            running.add(threads.submit(() -> {
                int number = next.getAndIncrement();
                while (number < QUERIES && unexplained.size() < SHOWN) {
                    compare(number);
                    number = next.getAndIncrement();
                }
                return null;
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        threads.shutdown();
        logger.info(
                "{} queries, {} with samples, {} refused by both, explained differences: {}",
                QUERIES,
                results,
                errors,
                explained);
        assertThat(unexplained).as("differences").isEmpty();
        assertThat(explained.values().stream().mapToInt(AtomicInteger::get).sum())
                .as("explained differences, which must stay rare: " + explained)
                .isLessThanOrEqualTo(5 + QUERIES / 500);
        assertThat(results.get()).as("queries with samples").isGreaterThan(QUERIES / 2);
    }

    private void compare(int number) throws IOException, InterruptedException {
        Random random = new Random(SEED * 1_000_003 + number);
        RandomQuery.Words words = new RandomQuery(random).top();
        long start = RandomSeries.START / 1000 + 600 + random.nextInt((RandomSeries.MINUTES - 15) * 60);
        boolean range = random.nextInt(3) == 0;
        int step = range ? List.of(1, 10, 15, 60, 97).get(random.nextInt(5)) : 0;
        long end = start + (long) step * random.nextInt(12);
        PromqlAnswer ours = ours(words.now(), start, end, step);
        PromqlAnswer theirs = theirs(words.old(), start, end, step);
        results.addAndGet(ours.samples().isEmpty() ? 0 : 1);
        errors.addAndGet(!ours.error().isEmpty() && !theirs.error().isEmpty() ? 1 : 0);
        String difference = ours.difference(theirs);
        if (difference.isEmpty() && !range && words.now().startsWith("sort") && !ours.sameOrder(theirs)) {
            difference = "another order";
        }
        if (difference.isEmpty()) {
            return;
        }
        ExplainedDifference why = ExplainedDifference.of(words, ours, theirs);
        if (why != null) {
            explained.get(why).incrementAndGet();
        } else {
            unexplained.add("#" + number + " " + words.now()
                    + (range ? " from " + start + " to " + end + " step " + step : " at " + start) + "\n    "
                    + difference);
        }
    }

    private PromqlAnswer ours(String query, long start, long end, int step) {
        try {
            Instant from = Instant.ofEpochSecond(start);
            return PromqlAnswer.of((step == 0
                            ? engine.instant(query, from)
                            : engine.range(query, from, Instant.ofEpochSecond(end), Duration.ofSeconds(step)))
                    .value());
        } catch (QueryException e) {
            return PromqlAnswer.failed(e);
        }
    }

    private PromqlAnswer theirs(String query, long start, long end, int step) throws IOException, InterruptedException {
        String parameters = "query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)
                + (step == 0 ? "&time=" + start : "&start=" + start + "&end=" + end + "&step=" + step);
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/api/v1/query" + (step == 0 ? "" : "_range")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(parameters))
                .build();
        IOException last = null;
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                return PromqlAnswer.of(JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofByteArray())
                        .body()));
            } catch (IOException e) {
                // A kept connection may be closed at the moment it is used again.
                last = e;
            }
        }
        throw new IOException(query + "\n" + prometheus.tail(), last);
    }
}
