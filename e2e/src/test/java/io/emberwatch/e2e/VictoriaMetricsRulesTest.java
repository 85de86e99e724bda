package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Rules over Debian's VictoriaMetrics, as vmalert runs them: it is asked, gets what rules give, and alerts go out. */
final class VictoriaMetricsRulesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final AlertRecorder stub = new AlertRecorder();

    @Test
    void rulesAskItWriteBackAndAlert() throws Exception {
        int database = Peers.freePort();
        int port = Peers.freePort();
        String url = "http://127.0.0.1:" + database;
        try (HttpServer page = HttpServer.start(
                        ListenAddress.parse("127.0.0.1:0"),
                        List.of(
                                Route.get("/metrics", exchange -> exchange.respondText(200, "test_value 3\n")),
                                stub.route()));
                ServerProcess victoria = victoria(database, page.port())) {
            Peers.await("it scrapes", PATIENCE, () -> Http.value(url, "test_value") == 3);
            configure(url, page.port());
            try (ServerProcess engine = Program.startRules(folder, port)) {
                try {
                    Peers.await(
                            "the recorded series is there",
                            PATIENCE,
                            () -> Http.value(url, "doubled:test_value{by=\"emberwatch\"}") == 6);
                    Peers.await(
                            "the alert goes out", PATIENCE, () -> !stub.posted().isEmpty());
                    Peers.await(
                            "the alert's own series is there",
                            PATIENCE,
                            () -> Http.value(url, "ALERTS{alertname=\"TooHigh\",alertstate=\"firing\"}") == 1);
                } catch (Throwable failed) {
                    throw new AssertionError(String.join("\n", engine.tail(), victoria.tail()), failed);
                }
            }
        }
        JsonNode alert = stub.posted().get(0);
        assertThat(alert.path("labels").path("alertname").asText()).isEqualTo("TooHigh");
        assertThat(alert.path("labels").path("job").asText()).isEqualTo("page");
        assertThat(alert.path("annotations").path("summary").asText()).isEqualTo("it is 6");
    }

    private ServerProcess victoria(int port, int page) throws IOException {
        Path scrape = Files.writeString(folder.resolve("scrape.yml"), """
                global: {scrape_interval: 1s}
                scrape_configs:
                  - {job_name: page, static_configs: [{targets: ["127.0.0.1:%d"]}]}
                """.formatted(page));
        return ServerProcess.start(
                "victoria-metrics",
                folder,
                List.of(
                        Peers.program("/usr/bin/victoria-metrics", "victoria-metrics"),
                        "-httpListenAddr=127.0.0.1:" + port,
                        "-storageDataPath=" + folder.resolve("database"),
                        "-promscrape.config=" + scrape,
                        "-search.latencyOffset=1s",
                        "-search.disableCache"));
    }

    private void configure(String url, int page) throws IOException {
        Files.writeString(folder.resolve("rules.yml"), """
                groups:
                  - name: g
                    interval: 1s
                    rules:
                      - {record: "doubled:test_value", expr: test_value * 2, labels: {by: emberwatch}}
                      - alert: TooHigh
                        expr: doubled:test_value > 1
                        for: 2s
                        annotations: {summary: "it is {{ $value }}"}
                """);
        Files.writeString(folder.resolve("prometheus.yml"), """
                rule_files: [rules.yml]
                remote_write: [{url: "%s/api/v1/write"}]
                alerting: {alertmanagers: [{static_configs: [{targets: ["127.0.0.1:%d"]}]}]}
                """.formatted(url, page));
        Files.writeString(
                folder.resolve("emberwatch.yml"),
                "rules: {prometheus_config: %s, remote: {url: \"%s\"}}\n"
                        .formatted(folder.resolve("prometheus.yml"), url));
    }
}
