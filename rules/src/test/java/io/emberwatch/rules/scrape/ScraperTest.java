package io.emberwatch.rules.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.Series;
import io.emberwatch.model.Staleness;
import io.emberwatch.rules.store.StoreConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScraperTest {
    private FakeTarget target;

    @TempDir
    private Path folder;

    @BeforeEach
    void begin() throws IOException {
        target = new FakeTarget();
    }

    @AfterEach
    void end() {
        target.close();
    }

    @Test
    void aPageIsStoredWithTheLabelsOfItsTarget() throws Exception {
        target.page("# TYPE a counter\n# HELP a What a counts.\na{x=\"1\"} 5\nb 7.5\n");
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""))) {
            bench.scrape();
            Series a = bench.series("a").get(0);
            assertThat(a.labels())
                    .isEqualTo(Labels.of("__name__", "a", "x", "1", "job", "test", "instance", target.address()));
            assertThat(bench.newest())
                    .contains(
                            entry("a{x=\"1\"}", "5.0"),
                            entry("b", "7.5"),
                            entry("up", "1.0"),
                            entry("scrape_samples_scraped", "2.0"),
                            entry("scrape_samples_post_metric_relabeling", "2.0"),
                            entry("scrape_series_added", "2.0"))
                    .containsKey("scrape_duration_seconds");
            TargetStatus status = bench.scraper.targets().get(0);
            assertThat(status.health()).isEqualTo(TargetStatus.Health.UP);
            assertThat(status.lastError()).isEmpty();
            assertThat(status.scrapeUrl()).isEqualTo("http://" + target.address() + "/metrics");
            assertThat(status.metadata())
                    .containsExactly(new MetricMetadata("a", MetricType.COUNTER, "What a counts.", ""));
            assertThat(status.lastScrape().toEpochMilli()).isEqualTo(a.timestampsMillis()[0]);
            bench.scrape();
            assertThat(bench.newest()).contains(entry("scrape_series_added", "0.0"));
            assertThat(bench.series("a").get(0).timestampsMillis()[1] - a.timestampsMillis()[0])
                    .isEqualTo(15_000);
        }
    }

    @Test
    void theRequestSaysWhatPrometheusSays() throws Exception {
        String more = """
            metrics_path: /some/path
            params:
              "collect[]": [cpu, disk]
            basic_auth:
              username: me
              password: secret
            """;
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, more))) {
            bench.scrape();
            assertThat(target.lastUri).hasToString("/some/path?collect%5B%5D=cpu&collect%5B%5D=disk");
            assertThat(target.lastHeaders.getFirst("Accept"))
                    .isEqualTo("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                            + "application/openmetrics-text;version=0.0.1;q=0.5,"
                            + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                            + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2");
            assertThat(target.lastHeaders.getFirst("Accept-Encoding")).isEqualTo("gzip");
            assertThat(target.lastHeaders.getFirst("X-Prometheus-Scrape-Timeout-Seconds"))
                    .isEqualTo("2");
            assertThat(target.lastHeaders.getFirst("Authorization")).isEqualTo("Basic bWU6c2VjcmV0");
        }
    }

    @Test
    void seriesThatVanishGetAStaleMarkerAtTheNextScrape() throws Exception {
        target.page("a 1\nb 2\nc 3\n");
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""))) {
            bench.scrape();
            target.page("a 4\nc 5\n");
            bench.scrape();
            assertThat(bench.newest()).contains(entry("a", "4.0"), entry("b", "stale"), entry("c", "5.0"));
            long[] times = bench.series("a").get(0).timestampsMillis();
            assertThat(bench.series("b").get(0).timestampsMillis()).isEqualTo(times);
            bench.scrape();
            assertThat(bench.series("b").get(0).size())
                    .as("one marker is enough")
                    .isEqualTo(2);
            target.page("b 6\na 7\n");
            bench.scrape();
            assertThat(bench.newest())
                    .contains(entry("a", "7.0"), entry("b", "6.0"), entry("c", "stale"))
                    .contains(entry("scrape_series_added", "1.0"));
        }
    }

    @Test
    void aFailedScrapeEndsAllSeriesAndTheyComeBack() throws Exception {
        target.page("a 1\n");
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""))) {
            bench.scrape();
            target.answer(exchange -> FakeTarget.respond(exchange, 500, "text/plain", "no"));
            bench.scrape();
            assertThat(bench.newest()).contains(entry("a", "stale"), entry("up", "0.0"));
            assertThat(bench.lastError()).contains("500");
            bench.scrape();
            assertThat(bench.series("a").get(0).size()).isEqualTo(2);
            target.page("a 2\n");
            bench.scrape();
            assertThat(bench.newest()).contains(entry("a", "2.0"), entry("up", "1.0"));
        }
    }

    @Test
    void aPageThatBreaksOffIsNotStoredAtAll() throws Exception {
        target.page("a 1\nb 1\n");
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""))) {
            bench.scrape();
            target.page("a 2\nnew 3\nb{ 2\n");
            bench.scrape();
            assertThat(bench.newest())
                    .contains(entry("a", "stale"), entry("b", "stale"), entry("up", "0.0"))
                    .doesNotContainKey("new");
            assertThat(bench.lastError()).contains("line 3");
        }
    }

    @Test
    void aTargetThatIsNotThereIsDown() throws Exception {
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""))) {
            target.close();
            bench.scrape();
            assertThat(bench.newest()).contains(entry("up", "0.0"), entry("scrape_samples_scraped", "0.0"));
            assertThat(bench.scraper.targets().get(0).health()).isEqualTo(TargetStatus.Health.DOWN);
        }
    }

    @Test
    void conflictingLabelsAreRenamedUnlessTheyAreHonoured() throws Exception {
        target.page("a{job=\"theirs\",exported_instance=\"x\",instance=\"y\"} 1\nb{instance=\"\"} 2\n");
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""))) {
            bench.scrape();
            assertThat(bench.series("a").get(0).labels())
                    .isEqualTo(Labels.of(
                            "__name__", "a",
                            "job", "test",
                            "instance", target.address(),
                            "exported_job", "theirs",
                            "exported_instance", "x",
                            "exported_exported_instance", "y"));
        }
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, "honor_labels: true"))) {
            bench.scrape();
            assertThat(bench.series("a").get(0).labels())
                    .isEqualTo(Labels.of("__name__", "a", "job", "theirs", "instance", "y", "exported_instance", "x"));
            assertThat(bench.series("b").get(0).labels())
                    .as("an empty label keeps the target's away")
                    .isEqualTo(Labels.of("__name__", "b", "job", "test"));
        }
    }

    @Test
    void timesOfTheirOwnAreHonouredUnlessToldOtherwise() throws Exception {
        long now = ScrapeBench.START.toEpochMilli();
        target.page("a 1 " + (now - 5_000) + "\nfuture 1 " + (now + 3_600_000) + "\n");
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""))) {
            bench.scrape();
            assertThat(bench.series("a").get(0).timestampsMillis()).containsExactly(now - 5_000);
            assertThat(bench.series("future")).isEmpty();
            assertThat(bench.metric("prometheus_target_scrapes_sample_out_of_bounds_total"))
                    .isEqualTo(1);
            target.page("");
            bench.scrape();
            assertThat(bench.newest()).as("its time is not ours to end").contains(entry("a", "1.0"));
        }
        target.page("a 1 " + (now - 5_000) + "\n");
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, "honor_timestamps: false"))) {
            bench.scrape();
            assertThat(bench.series("a").get(0).timestampsMillis()[0]).isGreaterThan(now);
        }
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, "track_timestamps_staleness: true"))) {
            bench.scrape();
            target.page("");
            bench.scrape();
            assertThat(bench.newest()).contains(entry("a", "stale"));
        }
    }

    @Test
    void metricRelabellingChangesAndDropsSeries() throws Exception {
        target.page("keep_me{x=\"1\"} 1\ndrop_me 2\n");
        String more = """
            metric_relabel_configs:
              - source_labels: [__name__]
                regex: drop_.*
                action: drop
              - source_labels: [x]
                target_label: y
                replacement: "got $1"
            """;
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, more))) {
            bench.scrape();
            bench.scrape();
            assertThat(bench.newest())
                    .contains(
                            entry("keep_me{x=\"1\", y=\"got 1\"}", "1.0"),
                            entry("scrape_samples_scraped", "2.0"),
                            entry("scrape_samples_post_metric_relabeling", "1.0"));
            assertThat(bench.series("drop_me")).isEmpty();
        }
    }

    @Test
    void theSameSeriesTwiceOnAPageIsCounted() throws Exception {
        target.page("a{x=\"1\",y=\"2\"} 1\na{x=\"1\",y=\"2\"} 2\na{y=\"2\",x=\"1\"} 3\n");
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""))) {
            bench.scrape();
            assertThat(bench.newest()).contains(entry("a{x=\"1\", y=\"2\"}", "1.0"), entry("up", "1.0"));
            assertThat(bench.metric("prometheus_target_scrapes_sample_duplicate_timestamp_total"))
                    .isEqualTo(2);
        }
    }

    @Test
    void everyLimitFailsTheScrapeAndIsCounted() throws Exception {
        target.page("a{label=\"value\"} 1\nb 2\n");
        Map<String, String> limits = Map.of(
                "sample_limit: 1", "prometheus_target_scrapes_exceeded_sample_limit_total",
                "body_size_limit: 10B", "prometheus_target_scrapes_exceeded_body_size_limit_total",
                "label_limit: 3", "prometheus_target_scrape_pool_exceeded_label_limits_total",
                "label_name_length_limit: 4", "prometheus_target_scrape_pool_exceeded_label_limits_total",
                "label_value_length_limit: 3", "prometheus_target_scrape_pool_exceeded_label_limits_total");
        for (Map.Entry<String, String> limit : limits.entrySet()) {
            try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, limit.getKey()))) {
                bench.scrape();
                assertThat(bench.newest()).as(limit.getKey()).contains(entry("up", "0.0"));
                assertThat(bench.series("a")).isEmpty();
                assertThat(bench.lastError())
                        .contains(limit.getKey().startsWith("label") ? "limit exceeded" : "exceeded");
                assertThat(bench.metric(limit.getValue())).isEqualTo(1);
            }
        }
    }

    @Test
    void moreTargetsThanAllowedFailAllOfTheJob() throws Exception {
        String yaml = ScrapeBench.job(target, "target_limit: 1")
                .replace("[\"", "[\"localhost" + target.address().substring(9) + "\", \"");
        try (ScrapeBench bench = new ScrapeBench(yaml)) {
            bench.scrape();
            assertThat(bench.scraper.targets())
                    .hasSize(2)
                    .allMatch(one -> one.lastError().contains("target_limit exceeded"));
        }
    }

    @Test
    void anEndlessPageIsCutOffAtTheLimitOrTheTimeout() throws Exception {
        byte[] line = "a{x=\"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\"} 1\n"
                .repeat(100)
                .getBytes(StandardCharsets.UTF_8);
        target.answer(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (true) {
                    out.write(line);
                }
            } catch (IOException e) {
                assertThat(e).as("the client hung up").isNotNull();
            }
        });
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, "body_size_limit: 1MB"))) {
            bench.scrape();
            assertThat(bench.lastError()).contains("body size limit exceeded");
        }
        CountDownLatch done = new CountDownLatch(1);
        target.answer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                exchange.getResponseBody().write("a 1\n".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        String hanging = ScrapeBench.job(target, "").replace("scrape_timeout: 2s", "scrape_timeout: 300ms");
        try (ScrapeBench bench = new ScrapeBench(hanging)) {
            bench.scrape();
            assertThat(bench.lastError()).contains("timeout of 300ms");
        } finally {
            done.countDown();
        }
    }

    @Test
    void tenGigabytesInAFewMegabytesAreCutOff() throws Exception {
        byte[] zeros = new byte[1 << 20];
        java.util.Arrays.fill(zeros, (byte) '#');
        target.answer(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = new java.util.zip.GZIPOutputStream(exchange.getResponseBody())) {
                for (int i = 0; i < 10 << 10; i++) {
                    out.write(zeros);
                }
            } catch (IOException e) {
                assertThat(e).as("the client hung up").isNotNull();
            }
        });
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, "body_size_limit: 20MB"))) {
            bench.scrape();
            assertThat(bench.lastError()).contains("body size limit exceeded");
            target.page("a 1\n");
            bench.scrape();
            assertThat(bench.newest()).contains(entry("a", "1.0"), entry("up", "1.0"));
        }
    }

    @Test
    void mangledPagesAreTakenOrRefusedAsAWhole() throws Exception {
        byte[] good = "# TYPE a counter\na{x=\"1\",y=\"\\n\"} 5\na{x=\"2\"} 7.5e3 1767225600000\nb NaN\n"
                .repeat(3)
                .getBytes(StandardCharsets.UTF_8);
        java.util.Random random = new java.util.Random(20260101);
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""))) {
            for (int round = 0; round < 500; round++) {
                byte[] page = java.util.Arrays.copyOf(good, 1 + random.nextInt(good.length));
                for (int i = random.nextInt(5); i > 0; i--) {
                    page[random.nextInt(page.length)] = (byte) random.nextInt(256);
                }
                target.answer(exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
                    exchange.sendResponseHeaders(200, page.length);
                    exchange.getResponseBody().write(page);
                });
                bench.scrape();
                assertThat(bench.lastError()).as("round " + round).doesNotContain("Exception", "could not be taken");
            }
            target.page("a 1\n");
            bench.scrape();
            assertThat(bench.newest()).contains(entry("a", "1.0"), entry("up", "1.0"));
        }
    }

    @Test
    void garbageIsRefusedAndTheNextPageTaken() throws Exception {
        byte[] garbage = new byte[5_000];
        new java.util.Random(1).nextBytes(garbage);
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""))) {
            target.answer(exchange -> {
                exchange.sendResponseHeaders(200, garbage.length);
                exchange.getResponseBody().write(garbage);
            });
            bench.scrape();
            assertThat(bench.lastError()).isNotEmpty().hasSizeLessThan(600).doesNotContainPattern("\\p{Cntrl}");
            target.answer(exchange -> {
                exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                exchange.sendResponseHeaders(200, garbage.length);
                exchange.getResponseBody().write(garbage);
            });
            bench.scrape();
            assertThat(bench.lastError()).isNotEmpty();
            target.answer(
                    exchange -> FakeTarget.respond(exchange, 200, "text/html", "<html><body>Not found</body></html>"));
            bench.scrape();
            assertThat(bench.lastError()).isNotEmpty();
            target.page("a 1\n");
            bench.scrape();
            assertThat(bench.lastError()).isEmpty();
        }
    }

    @Test
    void openMetricsPagesAreReadByTheirContentType() throws Exception {
        target.answer(exchange -> FakeTarget.respond(
                exchange,
                200,
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
                "# TYPE a counter\na_total 5 # {trace=\"x\"} 1\n# EOF\n"));
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""))) {
            bench.scrape();
            assertThat(bench.newest()).contains(entry("a_total", "5.0"));
        }
    }

    @Test
    void boundsOfHistogramsAndSummariesAreWrittenAsOpenMetricsDoes() throws Exception {
        target.page("""
                # TYPE h histogram
                h_bucket{le="1"} 1
                h_bucket{le="1e6"} 2
                h_bucket{le="0.50"} 1
                h_bucket{le="+Inf"} 2
                h_bucket{le="odd"} 2
                # TYPE s summary
                s{quantile="0"} 1
                s{quantile="0.99"} 1
                s{le="1"} 1
                # TYPE g gauge
                g{le="1",quantile="1"} 1
                """);
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""))) {
            bench.scrape();
            assertThat(bench.series("h_bucket"))
                    .extracting(series -> series.labels().get("le"))
                    .containsExactlyInAnyOrder("1.0", "1e+06", "0.5", "+Inf", "odd");
            assertThat(bench.series("s"))
                    .extracting(series ->
                            series.labels().get("quantile") + series.labels().get("le"))
                    .containsExactlyInAnyOrder("0.0", "0.99", "1");
            assertThat(bench.series("g").get(0).labels().get("le")).isEqualTo("1");
        }
    }

    @Test
    void aTargetWhoseLabelsExplodeLeavesRoomForTheOthers() throws Exception {
        StoreConfig small = new StoreConfig(
                StoreConfig.DEFAULT.retention(),
                StoreConfig.DEFAULT.retentionSize(),
                StoreConfig.DEFAULT.commitInterval(),
                StoreConfig.DEFAULT.memoryWindow(),
                400);
        StringBuilder page = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            page.append("a{id=\"").append(i).append("\"} 1\n");
        }
        target.page(page.toString());
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""), small)) {
            bench.scrape();
            assertThat(bench.series("a")).hasSize(100);
            assertThat(bench.newest())
                    .contains(entry("up", "1.0"), entry("scrape_samples_post_metric_relabeling", "1000.0"));
            assertThat(bench.metric("emberwatch_rules_scrape_samples_refused_total"))
                    .isEqualTo(900);
            bench.scrape();
            assertThat(bench.series("a")).hasSize(100).allMatch(series -> series.size() == 2);
        }
    }

    @Test
    void reloadKeepsWhatStaysAndEndsWhatIsGone() throws Exception {
        target.page("a 1\n");
        String yaml = ScrapeBench.job(target, "");
        String twoJobs = yaml + """
              - job_name: second
                scrape_interval: 15s
                scrape_timeout: 2s
                static_configs:
                  - targets: ["%s"]
            """.formatted(target.address()).indent(0);
        try (ScrapeBench bench = new ScrapeBench(twoJobs)) {
            bench.scrape();
            assertThat(bench.series("a")).hasSize(2);
            bench.scraper.reload(ScrapeConfig.parse("prometheus.yml", yaml));
            for (Series series : bench.series("a")) {
                boolean gone = series.labels().get("job").equals("second");
                assertThat(Staleness.isStale(series.values()[series.size() - 1]))
                        .isEqualTo(gone);
            }
            bench.scrape();
            assertThat(bench.scraper.targets()).hasSize(1);
            assertThat(bench.series("scrape_series_added"))
                    .filteredOn(series -> !series.labels().get("job").equals("second"))
                    .singleElement()
                    .satisfies(series ->
                            assertThat(series.values()[series.size() - 1]).isZero());
        }
    }

    @Test
    void changedSettingsReplaceATargetWithoutAGap() throws Exception {
        target.page("a 1\nb 2\n");
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""))) {
            bench.scrape();
            String changed = ScrapeBench.job(target, """
                    metric_relabel_configs:
                      - source_labels: [__name__]
                        regex: b
                        action: drop
                    """);
            bench.scraper.reload(ScrapeConfig.parse("prometheus.yml", changed));
            for (int i = 0; i < 4; i++) {
                bench.scrape();
            }
            assertThat(bench.newest()).contains(entry("a", "1.0"), entry("b", "stale"));
            assertThat(Arrays.stream(bench.series("a").get(0).values()).noneMatch(Staleness::isStale))
                    .isTrue();
            assertThat(bench.series("b").get(0).size()).isEqualTo(2);
            assertThat(bench.metric("prometheus_target_scrapes_sample_out_of_order_total"))
                    .as("series that went on are left alone")
                    .isZero();
        }
    }

    @Test
    void stoppingTheProgramEndsNoSeries() throws Exception {
        target.page("a 1\n");
        ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, ""));
        bench.scrape();
        bench.close();
        bench.scrape();
        assertThat(bench.newest()).contains(entry("a", "1.0"), entry("up", "1.0"));
        assertThat(bench.series("a").get(0).size()).isEqualTo(1);
    }

    @Test
    void targetsComeFromFilesAndFollowTheirChanges() throws Exception {
        target.page("a 1\n");
        Path file = folder.resolve("targets.json");
        Files.writeString(file, "[{\"targets\": [\"" + target.address() + "\"], \"labels\": {\"zone\": \"x\"}}]");
        String yaml = """
            scrape_configs:
              - job_name: files
                scrape_interval: 15s
                file_sd_configs:
                  - files: ["%s/*.json"]
            """.formatted(folder);
        try (ScrapeBench bench = new ScrapeBench(yaml)) {
            bench.scrape();
            assertThat(bench.series("a").get(0).labels().get("zone")).isEqualTo("x");
            assertThat(bench.scraper.targets().get(0).discoveredLabels().get("__meta_filepath"))
                    .endsWith("targets.json");
            Files.writeString(file, "this: is [broken");
            bench.scrape();
            assertThat(bench.scraper.targets()).hasSize(1);
            assertThat(bench.metric("prometheus_sd_file_read_errors_total")).isEqualTo(1);
            bench.scraper.reload(
                    ScrapeConfig.parse("prometheus.yml", yaml.replace("15s", "15s\n    relabel_configs: []")));
            assertThat(bench.scraper.targets()).hasSize(1);
            Files.delete(file);
            bench.scheduler.advance(Duration.ofSeconds(6));
            assertThat(bench.scraper.targets()).isEmpty();
            assertThat(bench.newest()).containsEntry("a{zone=\"x\"}", "stale");
        }
    }

    @Test
    void targetsComeFromAnEndpoint() throws Exception {
        target.answer(exchange -> {
            if (exchange.getRequestURI().getPath().equals("/sd")) {
                FakeTarget.respond(
                        exchange,
                        200,
                        "application/json",
                        "[{\"targets\": [\"" + target.address() + "\"], \"labels\": {\"zone\": \"y\"}}]");
            } else {
                FakeTarget.respond(exchange, 200, "text/plain", "a 1\n");
            }
        });
        String yaml = """
            scrape_configs:
              - job_name: endpoint
                scrape_interval: 15s
                http_sd_configs:
                  - url: http://%s/sd
                    refresh_interval: 30s
            """.formatted(target.address());
        try (ScrapeBench bench = new ScrapeBench(yaml)) {
            bench.scrape();
            bench.scrape();
            assertThat(bench.series("a").get(0).labels().get("zone")).isEqualTo("y");
            target.answer(exchange -> FakeTarget.respond(exchange, 503, "text/plain", "no"));
            bench.scrape();
            bench.scrape();
            assertThat(bench.scraper.targets()).hasSize(1);
            assertThat(bench.metric("prometheus_sd_http_failures_total")).isPositive();
        }
    }

    @Test
    void aTargetThatRelabellingDropsIsShownAsDropped() throws Exception {
        String more = """
            relabel_configs:
              - source_labels: [__address__]
                action: drop
            """;
        try (ScrapeBench bench = new ScrapeBench(ScrapeBench.job(target, more))) {
            assertThat(bench.scraper.targets()).isEmpty();
            assertThat(bench.scraper.droppedTargets())
                    .singleElement()
                    .satisfies(dropped -> assertThat(dropped.discoveredLabels().get("__address__"))
                            .isEqualTo(target.address()));
        }
    }
}
