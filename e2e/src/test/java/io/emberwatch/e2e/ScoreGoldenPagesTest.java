package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.Series;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.scorer.ScorerConfigs;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members' recorded pages, two of each, in every state of the recorded run: read directly, without a Prometheus, they give
 * every query of the score the answer that a real Prometheus gives, quantiles, resets and idle histograms included.
 */
final class ScoreGoldenPagesTest {
    private static final Duration BEFORE = Duration.ofSeconds(330);
    private static final Duration STEP = Duration.ofSeconds(30);

    private final Instant first = Instant.ofEpochSecond(Instant.now().getEpochSecond() - 600);
    private final Instant second = first.plusSeconds(30);
    private final Instant asked = second.plusSeconds(3);

    @TempDir
    private Path folder;

    @Test
    void pagesReadDirectlyGiveTheScoreWhatPrometheusGives() throws Exception {
        String corpus = System.getenv("EMBERWATCH_CORPUS");
        assumeTrue(
                corpus != null && Files.isDirectory(Path.of(corpus, "etcd")), "EMBERWATCH_CORPUS has no pages of etcd");
        Map<String, String> queries = ScorerConfigs.queries(ScorerConfigs.ofModel("etcd"));
        List<Series> series = series(Path.of(corpus, "etcd"), String.join(" ", queries.values()));
        QueryEngine direct = new QueryEngine(new PromqlDifferentialTest.Scan(series), EngineOptions.defaults());
        int samples = 0;
        int quantiles = 0;
        try (PrometheusServer prometheus = holding(series)) {
            for (Map.Entry<String, String> query : queries.entrySet()) {
                PromqlAnswer ours =
                        PromqlAnswer.of(direct.instant(query.getValue(), asked).value());
                PromqlAnswer golden = PromqlAnswer.of(ask(prometheus, query.getValue()));
                assertThat(golden.error()).as(query.getKey()).isEmpty();
                assertThat(ours.difference(golden)).as(query.getKey()).isEmpty();
                samples += golden.samples().size();
                quantiles += query.getValue().contains("histogram_quantile")
                        ? golden.samples().size()
                        : 0;
            }
        }
        assertThat(samples).isGreaterThan(500);
        assertThat(quantiles).isGreaterThan(100);
    }

    private JsonNode ask(PrometheusServer prometheus, String query) throws Exception {
        return Http.json(prometheus.url() + "/api/v1/query?time=" + asked.getEpochSecond() + "&query="
                + URLEncoder.encode(query, StandardCharsets.UTF_8));
    }

    private PrometheusServer holding(List<Series> series) throws Exception {
        Path page = Files.writeString(folder.resolve("pages.om"), RandomSeries.page(series));
        PrometheusServer.fill(page, PrometheusServer.data("prometheus", folder));
        return PrometheusServer.start("prometheus", folder, "global: {}\n");
    }

    // A phase is a cluster. A member that answered only once has one sample.
    private List<Series> series(Path corpus, String queries) throws Exception {
        Map<Labels, double[]> values = new TreeMap<>();
        List<Path> phases;
        try (Stream<Path> folders = Files.list(corpus)) {
            phases = folders.filter(Files::isDirectory).sorted().toList();
        }
        assertThat(phases).hasSizeGreaterThanOrEqualTo(10);
        for (Path phase : phases) {
            for (int member = 0; member < 3; member++) {
                for (int moment = 0; moment < 2; moment++) {
                    Path page = phase.resolve("etcd-" + member + ".t" + (moment + 1) + ".prom");
                    if (Files.exists(page)) {
                        read(page, phase.getFileName().toString(), "etcd-" + member, moment, queries, values);
                    }
                }
            }
        }
        List<Series> series = new ArrayList<>();
        values.forEach((labels, both) -> {
            // Of the calls of every method there are very many, and nearly all are none.
            if (!labels.metricName().startsWith("grpc_") || both[0] > 0 || both[1] > 0) {
                series.add(standing(labels, both[0], both[1]));
            }
        });
        return series;
    }

    // Each value stands until the next page, so that no rate is drawn out beyond what is there, which Prometheus does
    // otherwise since 2.51.
    private Series standing(Labels labels, double before, double after) {
        List<Long> times = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (Instant at = first.minus(BEFORE); !at.isAfter(asked); at = at.plus(STEP)) {
            double value = at.isAfter(first) ? after : before;
            if (!Double.isInfinite(value)) {
                times.add(at.toEpochMilli());
                values.add(value);
            }
        }
        return new Series(
                labels,
                times.stream().mapToLong(Long::longValue).toArray(),
                values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static void read(
            Path page, String cluster, String instance, int moment, String queries, Map<Labels, double[]> values)
            throws Exception {
        for (MetricFamily family :
                ExpositionParser.parseFamilies(Files.readAllBytes(page), TextFormat.PROMETHEUS_0_0_4)) {
            for (MetricPoint point : family.points()) {
                if (!queries.contains(point.key().name())) {
                    continue;
                }
                put(point.key().labels().with("__name__", point.key().name()), cluster, instance)
                        .accept(values, moment, point.value());
            }
        }
        put(Labels.of("__name__", "up"), cluster, instance).accept(values, moment, 1);
    }

    /** Where a value of one of the two moments goes. */
    @FunctionalInterface
    private interface Place {
        void accept(Map<Labels, double[]> values, int moment, double value);
    }

    private static Place put(Labels labels, String cluster, String instance) {
        Labels own = labels.with("cluster", cluster).with("instance", instance).with("job", "etcd");
        return (values, moment, value) -> values.computeIfAbsent(
                        own, unseen -> new double[] {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY})[moment] = value;
    }
}
