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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rules over a real Prometheus, results written back to it, alerts to a real Alertmanager and to one that records what
 * it gets: the life of an alert as the Alert Generator Compliance Specification 1.0 has it.
 */
final class RemoteRulesTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final AlertRecorder stub = new AlertRecorder();
    private volatile int value = 1;

    @Test
    void anAlertLivesAndEndsOverARemotePrometheus() throws Exception {
        int amPort = Peers.freePort();
        int port = Peers.freePort();
        String alertmanager = "http://127.0.0.1:" + amPort;
        try (HttpServer page = HttpServer.start(
                        ListenAddress.parse("127.0.0.1:0"),
                        List.of(
                                Route.get(
                                        "/metrics",
                                        exchange -> exchange.respondText(200, "test_value " + value + "\n")),
                                stub.route()));
                PrometheusServer prometheus = PrometheusServer.start("prometheus", folder, """
                        global: {scrape_interval: 1s}
                        scrape_configs:
                          - {job_name: page, static_configs: [{targets: ["127.0.0.1:%d"]}]}
                        """.formatted(page.port()));
                AlertmanagerServer real = AlertmanagerServer.start(folder, amPort)) {
            configure(prometheus, page.port(), amPort);
            try (ServerProcess engine = Program.startRules(folder, port)) {
                try {
                    fire(prometheus.url(), alertmanager);
                    end(alertmanager);
                } catch (Throwable failed) {
                    throw new AssertionError(String.join("\n", engine.tail(), real.tail(), "" + stub.posted()), failed);
                }
            }
        }
    }

    private void configure(PrometheusServer prometheus, int stubPort, int amPort) throws IOException {
        Files.writeString(folder.resolve("rules.yml"), """
                groups:
                  - name: g
                    interval: 1s
                    rules:
                      - {record: "doubled:test_value", expr: test_value * 2, labels: {by: emberwatch}}
                      - alert: TooHigh
                        expr: doubled:test_value > 1
                        for: 2s
                        labels: {severity: page, instance: "here"}
                        annotations: {summary: "it is {{ $value }} at {{ $externalLabels.site }}"}
                """);
        Files.writeString(folder.resolve("am.json"), "[{\"targets\": [\"127.0.0.1:" + stubPort + "\"]}]");
        Files.writeString(folder.resolve("prometheus.yml"), """
                global: {external_labels: {site: s1}}
                rule_files: [rules.yml]
                remote_write: [{url: "%s/api/v1/write"}]
                alerting:
                  alertmanagers:
                    - static_configs: [{targets: ["127.0.0.1:%d"]}]
                    - file_sd_configs: [{files: [am.json]}]
                      alert_relabel_configs: [{target_label: to, replacement: stub}]
                """.formatted(prometheus.url(), amPort));
        Files.writeString(
                folder.resolve("emberwatch.yml"), """
                rules:
                  prometheus_config: %s
                  resend_delay: 3s
                  external_url: http://engine
                  remote: {url: "%s", headers: {X-Scope-OrgID: tenant}}
                """.formatted(folder.resolve("prometheus.yml"), prometheus.url()));
    }

    private void fire(String prometheus, String alertmanager) throws Exception {
        Peers.await(
                "the recorded series is in the remote Prometheus",
                Duration.ofSeconds(30),
                () -> Http.value(prometheus, "doubled:test_value{by=\"emberwatch\",site=\"s1\"}") == 2);
        Peers.await(
                "the stub hears of it",
                Duration.ofSeconds(20),
                () -> !stub.posted().isEmpty());
        JsonNode first = stub.posted().get(0);
        assertThat(first.path("labels").toString())
                .isEqualTo("{\"alertname\":\"TooHigh\",\"by\":\"emberwatch\",\"instance\":\"here\",\"job\":\"page\","
                        + "\"severity\":\"page\",\"site\":\"s1\",\"to\":\"stub\"}");
        assertThat(first.path("annotations").path("summary").asText()).isEqualTo("it is 2 at s1");
        assertThat(first.path("generatorURL").asText()).startsWith("http://engine/graph?g0.expr=doubled");
        Instant start = Instant.parse(first.path("startsAt").asText());
        // Four times the resend delay, since that is longer than the interval.
        assertThat(Duration.between(start, Instant.parse(first.path("endsAt").asText())))
                .isEqualTo(Duration.ofSeconds(12));
        Peers.await(
                "Alertmanager has it",
                Duration.ofSeconds(10),
                () -> Http.json(alertmanager + "/api/v2/alerts").size() == 1);
        JsonNode known = Http.json(alertmanager + "/api/v2/alerts").get(0);
        assertThat(known.path("labels").path("to").isMissingNode()).isTrue();
        assertThat(Instant.parse(known.path("startsAt").asText())).isEqualTo(start);
        Peers.await(
                "it is sent again", Duration.ofSeconds(10), () -> stub.posted().size() >= 2);
        assertThat(Instant.parse(stub.posted().get(1).path("startsAt").asText()))
                .isEqualTo(start);
        Duration between = Duration.between(
                Instant.parse(first.path("endsAt").asText()),
                Instant.parse(stub.posted().get(1).path("endsAt").asText()));
        // The first multiple of the interval that is above the resend delay.
        assertThat(between).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
        Peers.await(
                "the alert is in the remote Prometheus",
                Duration.ofSeconds(10),
                () -> Http.value(prometheus, "ALERTS{alertname=\"TooHigh\",alertstate=\"firing\"}") == 1);
    }

    private void end(String alertmanager) throws Exception {
        value = 0;
        Peers.await("it is resolved", Duration.ofSeconds(20), () -> {
            List<JsonNode> all = new ArrayList<>(stub.posted());
            Instant end = Instant.parse(all.get(all.size() - 1).path("endsAt").asText());
            return !end.isAfter(Instant.now());
        });
        JsonNode last = stub.posted().get(stub.posted().size() - 1);
        assertThat(last.path("startsAt")).isEqualTo(stub.posted().get(0).path("startsAt"));
        Peers.await(
                "Alertmanager lets it go",
                Duration.ofSeconds(10),
                () -> Http.json(alertmanager + "/api/v2/alerts").isEmpty());
    }
}
