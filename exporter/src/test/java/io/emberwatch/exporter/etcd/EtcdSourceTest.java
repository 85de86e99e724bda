package io.emberwatch.exporter.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.Route;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EtcdSourceTest {
    private static final String HEALTHY = "{\"health\":\"true\"}";

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ExporterMetrics metrics = new ExporterMetrics(new CollectorRegistry());
    private String page = "";

    @BeforeEach
    void readPage() throws IOException {
        try (InputStream in = Objects.requireNonNull(EtcdSourceTest.class.getResourceAsStream("member-3.4.prom"))) {
            page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private String member(Route.Handler metricsPage, String health) throws IOException {
        HttpServer server = HttpServer.start(
                ListenAddress.parse("127.0.0.1:0"),
                List.of(
                        Route.get("/metrics", metricsPage),
                        Route.get("/health", exchange -> exchange.respondText(200, health))));
        open.add(server);
        return "http://127.0.0.1:" + server.port();
    }

    private String member(String text) throws IOException {
        return member(exchange -> exchange.respondText(200, text), HEALTHY);
    }

    private EtcdSource source(String yaml) throws ConfigException {
        EtcdSource source = new EtcdSource(ConfigReader.parse("etcd.yml", yaml, EtcdConfig.class), metrics);
        open.add(source);
        return source;
    }

    private static String text(EtcdSource source, Duration patience) {
        List<MetricFamily> families = source.collect(Deadline.after(patience));
        return ExpositionWriter.toText(families, TextFormat.PROMETHEUS_0_0_4);
    }

    private static String text(EtcdSource source) {
        return text(source, Duration.ofSeconds(10));
    }

    @Test
    void everySeriesOfAMemberIsShownWithClusterAndInstance() throws Exception {
        String url = member(page);
        String text = text(source("clusters: [{name: main, members: [{url: " + url + ", instance: etcd-0}]}]"));

        long ours = text.lines()
                .filter(line -> !line.startsWith("#") && !line.startsWith("emberwatch_"))
                .count();
        assertThat(ours)
                .isEqualTo(page.lines().filter(line -> !line.startsWith("#")).count());
        assertThat(text)
                .contains("etcd_server_has_leader{cluster=\"main\",instance=\"etcd-0\"} 1\n")
                .contains("etcd_network_peer_round_trip_time_seconds_bucket{To=\"")
                .contains("# TYPE etcd_server_proposals_committed_total gauge\n")
                .contains("emberwatch_exporter_etcd_up{cluster=\"main\",instance=\"etcd-0\"} 1\n")
                .contains("emberwatch_exporter_etcd_healthy{cluster=\"main\",instance=\"etcd-0\"} 1\n")
                .contains(
                        "emberwatch_exporter_etcd_failures_total{cluster=\"main\",instance=\"etcd-0\",reason=\"tls\"} 0\n");
    }

    @Test
    void bothNamesOfTheDatabaseSizeAreThereWhicheverTheMemberHas() throws Exception {
        String current =
                member("# TYPE etcd_mvcc_db_total_size_in_bytes gauge\netcd_mvcc_db_total_size_in_bytes 20480\n");
        String old = member("etcd_debugging_mvcc_db_total_size_in_bytes 4096\n");
        String both = member(page);
        String text = text(source("clusters: [{name: c, members: [{url: " + current + ", instance: new}, {url: " + old
                + ", instance: old}, {url: " + both + ", instance: both}]}]"));

        for (String name : List.of("etcd_mvcc_db_total_size_in_bytes", "etcd_debugging_mvcc_db_total_size_in_bytes")) {
            assertThat(text)
                    .contains(name + "{cluster=\"c\",instance=\"new\"} 20480\n")
                    .contains(name + "{cluster=\"c\",instance=\"old\"} 4096\n")
                    .containsOnlyOnce(name + "{cluster=\"c\",instance=\"both\"} ");
        }
    }

    @Test
    void labelsThatAPageHasAlreadyAreKeptUnderAnotherName() throws Exception {
        String url = member("etcd_odd{cluster=\"theirs\",instance=\"own\"} 1\n");

        assertThat(text(source("clusters: [{name: c, members: [{url: " + url + ", instance: i}]}]")))
                .contains(
                        "etcd_odd{cluster=\"c\",exported_cluster=\"theirs\",exported_instance=\"own\",instance=\"i\"} 1\n");
    }

    @Test
    void aMemberThatCannotBeReadIsDownForItsOwnReasonAndTheOthersAreNot() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        open.add(end::countDown);
        String good = member(page);
        String garbage = member("<html>It works!</html>");
        String empty = member("");
        String foreign = member("up 1\n");
        String large = member("etcd_x 1\n" + "# ".repeat(60_000) + "\n");
        String broken = member(exchange -> exchange.respondText(500, "no"), HEALTHY);
        String slow = member(
                exchange -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                },
                HEALTHY);
        String yaml = """
                max_page: 100kB
                timeout: 5s
                clusters:
                  - name: c
                    members:
                      - {url: %s, instance: good}
                      - {url: %s, instance: garbage}
                      - {url: %s, instance: empty}
                      - {url: %s, instance: foreign}
                      - {url: %s, instance: large}
                      - {url: %s, instance: broken}
                      - {url: %s, instance: slow}
                      - {url: "http://127.0.0.1:1", instance: gone}
                """.formatted(good, garbage, empty, foreign, large, broken, slow);
        EtcdSource source = source(yaml);
        long started = System.nanoTime();
        String text = text(source, Duration.ofMillis(800));

        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(4));
        assertThat(text).contains("etcd_server_has_leader{cluster=\"c\",instance=\"good\"} 1\n");
        assertDown(text, "garbage", "garbage");
        assertDown(text, "empty", "garbage");
        assertDown(text, "foreign", "garbage");
        assertDown(text, "large", "too_large");
        assertDown(text, "broken", "http_status");
        assertDown(text, "slow", "timeout");
        assertDown(text, "gone", "unreachable");
        assertThat(text)
                .contains("emberwatch_exporter_etcd_healthy{cluster=\"c\",instance=\"slow\"} 1\n")
                .contains("emberwatch_exporter_etcd_healthy{cluster=\"c\",instance=\"gone\"} 0\n");
    }

    private static void assertDown(String text, String instance, String reason) {
        assertThat(text)
                .contains("emberwatch_exporter_etcd_up{cluster=\"c\",instance=\"" + instance + "\"} 0\n")
                .contains("emberwatch_exporter_etcd_failures_total{cluster=\"c\",instance=\"" + instance
                        + "\",reason=\"" + reason + "\"} 1\n")
                .doesNotContain("\netcd_server_has_leader{cluster=\"c\",instance=\"" + instance + "\"}");
    }

    @Test
    void healthIsWhatTheMemberSays() throws Exception {
        String sick = member(
                exchange -> exchange.respondText(200, page), "{\"health\":\"false\",\"reason\":\"ALARM NOSPACE\"}");
        String bare = member(exchange -> exchange.respondText(200, page), "{\"health\":true}");
        String wrong = member(exchange -> exchange.respondText(200, page), "true, I swear");
        String yaml = "clusters: [{name: c, members: [{url: " + sick + ", instance: sick}, {url: " + bare
                + ", instance: bare}, {url: " + wrong
                + ", instance: wrong}]}, {name: d, health: false, members: [{url: "
                + sick + ", instance: x}]}]";

        assertThat(text(source(yaml)))
                .contains("emberwatch_exporter_etcd_healthy{cluster=\"c\",instance=\"sick\"} 0\n")
                .contains("emberwatch_exporter_etcd_healthy{cluster=\"c\",instance=\"bare\"} 1\n")
                .contains("emberwatch_exporter_etcd_healthy{cluster=\"c\",instance=\"wrong\"} 0\n")
                .doesNotContain("emberwatch_exporter_etcd_healthy{cluster=\"d\"");
    }

    @Test
    void pagesOfRealMembersInEveryStateAreReadWithoutLoss() throws Exception {
        String corpus = System.getenv("EMBERWATCH_CORPUS");
        Assumptions.assumeTrue(corpus != null, "EMBERWATCH_CORPUS is not set");
        List<Path> pages;
        try (Stream<Path> files = Files.walk(Path.of(corpus, "etcd"))) {
            pages = files.filter(file -> file.toString().endsWith(".t2.prom"))
                    .sorted()
                    .toList();
        }
        StringBuilder members = new StringBuilder();
        long expected = 0;
        for (Path file : pages) {
            String text = Files.readString(file);
            expected += text.lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .count();
            String name = file.getParent().getFileName() + "-" + file.getFileName();
            members.append("{url: ")
                    .append(member(text))
                    .append(", instance: ")
                    .append(name)
                    .append("},");
        }
        String text = text(source("clusters: [{name: c, members: [" + members + "]}]"));

        assertThat(pages).hasSizeGreaterThan(20);
        assertThat(text.lines()
                        .filter(line -> !line.startsWith("#") && !line.startsWith("emberwatch_"))
                        .count())
                .isEqualTo(expected);
    }
}
