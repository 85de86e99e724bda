package io.emberwatch.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.ParseException;
import io.emberwatch.model.text.TextFormat;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExporterServiceTest {
    private static final String SENSOR = "sensors: [{name: demo}]\n";

    @TempDir
    Path folder;

    @Test
    void aPageWithEverythingOnPassesPromtool() throws Exception {
        Files.writeString(folder.resolve("jobs.prom"), "# HELP backup_size_bytes Size.\nbackup_size_bytes 1\n");
        String yaml = SENSOR + "textfile: {directories: [" + folder + "]}\n"
                + "etcd: {clusters: [{name: c, members: [{url: \"http://127.0.0.1:1\"}]}]}\n";
        try (RunningExporter exporter = new RunningExporter(yaml, List.of())) {
            String page = exporter.service().once(TextFormat.PROMETHEUS_0_0_4);

            assertThat(RunningExporter.names(page))
                    .contains(
                            "sensor_cpu_load",
                            "sensor_random_value_distribution_bucket",
                            "emberwatch_exporter_sensor_up",
                            "node_cpu_seconds_total",
                            "node_scrape_collector_success",
                            "emberwatch_exporter_etcd_up",
                            "backup_size_bytes",
                            "node_textfile_mtime_seconds",
                            "emberwatch_exporter_source_success",
                            "emberwatch_exporter_dropped_samples_total",
                            "process_cpu_seconds_total");
            assertThat(page)
                    .contains("emberwatch_exporter_etcd_up{cluster=\"c\",instance=\"127.0.0.1:1\"} 0")
                    .contains("emberwatch_exporter_sensor_up{sensor=\"demo\"} 1")
                    .contains("sensor_cpu_load{sensor=\"demo\"} 7");
            assertThat(Promtool.lint(page))
                    .noneMatch(line -> line.startsWith("emberwatch_") || line.startsWith("sensor_"));
            assertThat(exporter.page("/metrics", "Accept", "application/openmetrics-text"))
                    .endsWith("# EOF\n");
        }
    }

    @Test
    void collectAndExcludeChooseSourcesAndGroups() throws Exception {
        try (RunningExporter exporter = new RunningExporter(SENSOR, List.of())) {
            assertThat(RunningExporter.names(exporter.page("/metrics?collect[]=loadavg&collect[]=uname")))
                    .containsExactly(
                            "node_load1",
                            "node_load5",
                            "node_load15",
                            "node_uname_info",
                            "node_scrape_collector_duration_seconds",
                            "node_scrape_collector_success",
                            "emberwatch_exporter_source_cpu_seconds_total",
                            "emberwatch_exporter_source_duration_seconds",
                            "emberwatch_exporter_source_success",
                            "emberwatch_exporter_source_timeout");
            assertThat(RunningExporter.names(exporter.page("/metrics?collect[]=host")))
                    .contains("node_load1", "node_memory_MemTotal_bytes", "node_filesystem_size_bytes")
                    .noneMatch(name -> name.contains("sensor"));
            assertThat(RunningExporter.names(exporter.page("/metrics?exclude[]=sensor&exclude[]=host&exclude[]=etcd")))
                    .noneMatch(
                            name -> name.contains("sensor") || (name.startsWith("node_") && !name.contains("textfile")))
                    .contains("emberwatch_exporter_duplicate_samples_total");
            assertThat(exporter.get("/metrics?exclude[]=nothing_like_it").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void refusalsAreWordedAsNodeExporterDoes() throws Exception {
        try (RunningExporter exporter = new RunningExporter("host: {collectors: [cpu]}", List.of())) {
            assertRefused(
                    exporter.get("/metrics?collect[]=cpu&exclude[]=meminfo"),
                    "Combined collect and exclude queries are not allowed.");
            assertRefused(
                    exporter.get("/metrics?collect[]=nope"),
                    "Couldn't create filtered metrics handler: couldn't create collector: missing collector: nope");
            assertRefused(
                    exporter.get("/metrics?collect[]=meminfo"),
                    "Couldn't create filtered metrics handler: couldn't create collector: disabled collector: meminfo");
        }
    }

    private static void assertRefused(HttpResponse<String> response, String text) {
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body().stripTrailing()).isEqualTo(text);
    }

    @Test
    void aStuckSourceCostsOnlyItsOwnMetricsAndIsNotStartedTwice() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        SampleSource stuck = source("scorer", deadline -> {
            runs.incrementAndGet();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return List.of(MetricFamily.gauge("late", "", 1));
        });
        try (RunningExporter exporter = new RunningExporter("host: {collectors: [loadavg]}", List.of(stuck))) {
            String first = exporter.page("/metrics", "X-Prometheus-Scrape-Timeout-Seconds", "0.6");
            String second = exporter.page("/metrics", "X-Prometheus-Scrape-Timeout-Seconds", "60");

            for (String page : List.of(first, second)) {
                assertThat(page)
                        .contains("node_load1 ")
                        .contains("emberwatch_exporter_source_timeout{source=\"scorer\"} 1")
                        .contains("emberwatch_exporter_source_success{source=\"scorer\"} 0")
                        .contains("emberwatch_exporter_source_success{source=\"loadavg\"} 1")
                        .doesNotContain("late 1");
            }
            assertThat(runs).hasValue(1);
            release.countDown();
        }
    }

    @Test
    void moreScrapesThanAllowedAreTurnedAway() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        SampleSource slow = source("slow", deadline -> {
            asked.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return List.of();
        });
        try (RunningExporter exporter =
                new RunningExporter("{max_requests: 1, host: {enabled: false}}", List.of(slow))) {
            CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> {
                try {
                    return exporter.page("/metrics", "X-Prometheus-Scrape-Timeout-Seconds", "60");
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            HttpResponse<String> second = exporter.get("/metrics");
            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.body()).isEqualTo("Limit of concurrent requests reached (1), try again later.\n");
            release.countDown();
            assertThat(first.get(10, TimeUnit.SECONDS)).contains("source_success{source=\"slow\"} 1");
            assertThat(exporter.get("/metrics").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whateverSourcesReturnThePageStaysValid() throws Exception {
        SampleSource wild = source(
                "wild",
                deadline -> List.of(
                        MetricFamily.gauge("twice", "One.", 1),
                        MetricFamily.counter("twice", "Two.", 2),
                        MetricFamily.gauge("9 lives\n", "Broken \\ name.", 3),
                        MetricFamily.of(
                                "labels",
                                MetricType.GAUGE,
                                "",
                                List.of(
                                        MetricPoint.of("labels", Labels.of("a.b", "x\n\"\\", "a_b", "y"), 4),
                                        MetricPoint.of("labels", Labels.of("__name-_", "z"), 5))),
                        MetricFamily.of(
                                "h",
                                MetricType.HISTOGRAM,
                                "",
                                List.of(
                                        MetricPoint.of("h_bucket", Labels.of("le", "many"), 1),
                                        MetricPoint.of("h_bucket", Labels.of("le", "+Inf"), 1),
                                        MetricPoint.of("h_sum", Labels.EMPTY, 1),
                                        MetricPoint.of("h_count", Labels.EMPTY, Double.NaN),
                                        MetricPoint.of("other", Labels.EMPTY, 6))),
                        MetricFamily.gauge("h_sum", "Taken.", 7)));
        SampleSource failing = source("failing", deadline -> {
            throw new IllegalStateException("broken");
        });
        try (RunningExporter exporter =
                new RunningExporter("host: {enabled: false}", List.of(wild, failing, ownTwin()))) {
            String page = exporter.page("/metrics");

            assertThat(Promtool.lint(page)).isNotNull();
            assertThat(page)
                    .contains("# TYPE twice counter\ntwice 2\n")
                    .contains("_9_lives_ 3\n")
                    .contains("other 6\n")
                    .contains("emberwatch_exporter_source_success{source=\"failing\"} 0");
            String next = exporter.page("/metrics");
            assertThat(next)
                    .contains("emberwatch_exporter_duplicate_samples_total{source=\"wild\"} 1")
                    .contains("emberwatch_exporter_conflicting_families_total{source=\"wild\"} 1")
                    .contains("emberwatch_exporter_dropped_samples_total{reason=\"invalid\",source=\"wild\"} 1")
                    .contains("emberwatch_exporter_invalid_names_total{source=\"wild\"}");
        }
    }

    // Looks like metrics of our own.
    private static SampleSource ownTwin() {
        return source(
                "twin", deadline -> List.of(MetricFamily.gauge("emberwatch_exporter_source_success", "Mine.", 9)));
    }

    @Test
    void randomNonsenseStaysAValidPageInBothFormats() throws Exception {
        Random random = new Random(7);
        AtomicReference<List<MetricFamily>> nonsense = new AtomicReference<>(List.of());
        SampleSource wild = source("wild", deadline -> nonsense.get());
        try (RunningExporter exporter = new RunningExporter("host: {enabled: false}", List.of(wild))) {
            for (int round = 0; round < 40; round++) {
                nonsense.set(RandomFamilies.make(random));
                String plain = exporter.page("/metrics?collect[]=wild");
                String openMetrics =
                        exporter.page("/metrics?collect[]=wild", "Accept", TextFormat.OPENMETRICS_1_0.contentType());

                assertThat(Promtool.lint(plain)).isNotNull();
                assertThat(series(openMetrics, TextFormat.OPENMETRICS_1_0))
                        .as("round %d", round)
                        .isEqualTo(series(plain, TextFormat.PROMETHEUS_0_0_4));
            }
        }
    }

    private static Set<Labels> series(String page, TextFormat format) throws ParseException {
        Set<Labels> series = new HashSet<>();
        for (MetricFamily family : ExpositionParser.parseFamilies(page.getBytes(StandardCharsets.UTF_8), format)) {
            family.points().forEach(point -> series.add(point.key().toStored()));
        }
        return series;
    }

    @Test
    void thereIsALandingPageAndNothingElse() throws Exception {
        try (RunningExporter exporter = new RunningExporter(SENSOR, List.of())) {
            assertThat(exporter.page("/exporter"))
                    .contains("/metrics?collect[]=sensor")
                    .contains("collect[]=cpu");
            assertThat(exporter.page("/")).contains("Emberwatch exporter");
            assertThat(exporter.get("/nonsense").statusCode()).isEqualTo(404);
            assertThat(exporter.page("/-/ready")).isEqualTo("ready\n");
        }
    }

    private interface Collection {
        List<MetricFamily> collect(Deadline deadline) throws IOException;
    }

    private static SampleSource source(String name, Collection collection) {
        return new SampleSource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<MetricFamily> collect(Deadline deadline) throws IOException {
                return collection.collect(deadline);
            }
        };
    }
}
