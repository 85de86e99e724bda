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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rule engine on its own store beside Debian's Alertmanager 0.25, as the Alert Generator Compliance Specification 1.0
 * has it: what is pending, fires, ends and fires anew.
 */
final class RulesAlertmanagerTest {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final Map<String, Integer> values = new ConcurrentHashMap<>();
    private String alertmanager = "";
    private String engine = "";

    private String page() {
        StringBuilder page = new StringBuilder();
        new TreeMap<>(values)
                .forEach((alert, value) -> page.append("suite{alertname=\"")
                        .append(alert)
                        .append("\"} ")
                        .append(value)
                        .append('\n'));
        return page.toString();
    }

    @Test
    void alertmanagerKnowsWhatFiresAndNothingElse() throws Exception {
        values.putAll(Map.of("Zero", 15, "Small", 15, "Pending", 15));
        int amPort = Peers.freePort();
        int port = Peers.freePort();
        alertmanager = "http://127.0.0.1:" + amPort;
        engine = "http://127.0.0.1:" + port;
        try (HttpServer target = HttpServer.start(
                        ListenAddress.parse("127.0.0.1:0"),
                        List.of(Route.get("/metrics", exchange -> exchange.respondText(200, page()))));
                AlertmanagerServer real = AlertmanagerServer.start(folder, amPort)) {
            configure(target.port(), amPort);
            try (ServerProcess rules = Program.startRules(folder, port)) {
                try {
                    fires();
                    endsAndFiresAnew();
                } catch (Throwable failed) {
                    throw new AssertionError(rules.tail() + "\n" + real.tail(), failed);
                }
            }
        }
    }

    private void configure(int targetPort, int amPort) throws IOException {
        Files.writeString(folder.resolve("rules.yml"), """
                groups:
                  - name: g
                    interval: 1s
                    rules:
                      - {alert: Zero, expr: 'suite{alertname="Zero"} > 10', labels: {severity: page}}
                      - alert: Small
                        expr: suite{alertname="Small"} > 10
                        for: 2s
                        annotations: {text: "{{ $value }} of {{ $labels.job }}"}
                      - {alert: Pending, expr: 'suite{alertname="Pending"} > 10', for: 1h}
                """);
        Files.writeString(folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s}
                rule_files: [rules.yml]
                scrape_configs: [{job_name: page, static_configs: [{targets: ["127.0.0.1:%d"]}]}]
                alerting: {alertmanagers: [{static_configs: [{targets: ["127.0.0.1:%d"]}]}]}
                """.formatted(targetPort, amPort));
        Files.writeString(
                folder.resolve("emberwatch.yml"),
                "rules: {prometheus_config: " + folder.resolve("prometheus.yml") + ", resend_delay: 2s}\n");
    }

    /** The active alerts of Alertmanager by name. */
    private Map<String, JsonNode> known() throws IOException {
        Map<String, JsonNode> known = new TreeMap<>();
        for (JsonNode alert : Http.json(alertmanager + "/api/v2/alerts")) {
            known.put(alert.path("labels").path("alertname").asText(), alert);
        }
        return known;
    }

    private JsonNode own(String name) throws IOException {
        for (JsonNode alert : Http.json(engine + "/api/v1/alerts").path("data").path("alerts")) {
            if (alert.path("labels").path("alertname").asText().equals(name)) {
                return alert;
            }
        }
        throw new AssertionError("there is no " + name);
    }

    private static Instant time(JsonNode alert, String field) {
        return Instant.parse(alert.path(field).asText());
    }

    private void fires() throws Exception {
        Peers.await("both that fire are known", LIMIT, () -> known().size() == 2);
        Map<String, JsonNode> known = known();
        assertThat(known).containsOnlyKeys("Zero", "Small");
        assertThat(time(known.get("Zero"), "startsAt")).isEqualTo(time(own("Zero"), "activeAt"));
        assertThat(Duration.between(time(own("Small"), "activeAt"), time(known.get("Small"), "startsAt")))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(15));
        assertThat(known.get("Zero").path("labels").path("severity").asText()).isEqualTo("page");
        assertThat(known.get("Small").path("annotations").path("text").asText()).isEqualTo("15 of page");
        assertThat(own("Pending").path("state").asText()).isEqualTo("pending");
        assertThat(Http.value(engine, "count by (alertstate) (ALERTS{alertstate=\"firing\"})"))
                .isEqualTo(2);
    }

    private void endsAndFiresAnew() throws Exception {
        Instant first = time(known().get("Zero"), "startsAt");
        Instant small = time(known().get("Small"), "startsAt");
        values.put("Zero", 5);
        values.put("Pending", 5);
        Peers.await("one has ended", LIMIT, () -> known().keySet().equals(Set.of("Small")));
        Peers.await(
                "the pending one is gone",
                LIMIT,
                () -> Http.query(engine, "ALERTS{alertname=\"Pending\"}").isEmpty());
        assertThat(received("resolved")).isPositive();
        values.put("Zero", 20);
        Peers.await("it fires anew", LIMIT, () -> known().containsKey("Zero"));
        assertThat(time(known().get("Zero"), "startsAt")).isAfter(first);
        assertThat(time(known().get("Small"), "startsAt")).isEqualTo(small);
        assertThat(time(known().get("Small"), "endsAt")).isAfter(Instant.now());
        assertThat(known()).doesNotContainKey("Pending");
    }

    private double received(String status) throws IOException {
        return Http.get(alertmanager + "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("alertmanager_alerts_received_total{")
                        && line.contains("status=\"" + status + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
