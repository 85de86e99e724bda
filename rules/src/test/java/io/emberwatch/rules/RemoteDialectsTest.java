package io.emberwatch.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.rules.engine.RuleStatus;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rules over APIs that are not quite Prometheus'. Mimir, Thanos and VictoriaMetrics are stubs here, strict ones: they take
 * nothing but what the real ones' documentation asks for, and answer in the shapes that it gives.
 */
final class RemoteDialectsTest {
    private static final String VECTOR = "\"data\":{\"resultType\":\"vector\",\"result\":["
            + "{\"metric\":{\"__name__\":\"up\",\"job\":\"x\"},\"value\":[1767225615,\"0\"]}]}";

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final List<Alert> alerts = new ArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> asked = new CopyOnWriteArrayList<>();
    private HttpServer remote;
    private RulesService service;

    /** What a stub says to the parameters of a question, those of the address and of the form together. */
    private interface Dialect {
        String answer(Exchange exchange, Map<String, String> parameters);
    }

    private void start(String path, Dialect dialect, String remoteYaml) throws IOException, ConfigException {
        remote = HttpServer.start(ListenAddress.parse("127.0.0.1:0"), List.of(Route.post(path, exchange -> {
            Map<String, String> parameters = parameters(exchange);
            asked.add(parameters);
            String answer = dialect.answer(exchange, parameters);
            if (answer.startsWith("{")) {
                exchange.respond(
                        answer.contains("\"error\"") ? 422 : 200,
                        "application/json",
                        answer.getBytes(StandardCharsets.UTF_8));
            } else {
                refused.add(answer);
                exchange.respondText(401, answer);
            }
        })));
        Path rules = Files.createDirectories(folder.resolve("home/prometheus/rules"));
        Files.writeString(
                rules.resolve("r.yml"),
                "groups: [{name: g, interval: 15s, rules: [{alert: Down, expr: up == 0, labels: {severity: page}}]}]\n");
        RulesConfig config = ConfigReader.parse(
                "emberwatch.yml",
                "remote: " + remoteYaml.replace("PORT", Integer.toString(remote.port())) + "\n",
                RulesConfig.class);
        service = new RulesService(
                config,
                new ServiceContext(clock, scheduler, folder.resolve("data"), folder.resolve("home")),
                alerts::addAll,
                null);
        service.start();
        scheduler.advance(Duration.ofSeconds(15));
    }

    private static Map<String, String> parameters(Exchange exchange) throws IOException {
        Map<String, String> parameters = new TreeMap<>();
        try {
            exchange.readForm();
        } catch (HttpError e) {
            throw new IOException(e);
        }
        for (String name :
                List.of("query", "time", "dedup", "partial_response", "deny_partial_response", "extra_label")) {
            String value = exchange.param(name);
            if (value != null) {
                parameters.put(name, value);
            }
        }
        return parameters;
    }

    @AfterEach
    void stop() {
        service.stop();
        remote.close();
    }

    private RuleStatus rule() {
        return service.groups().get(0).rules().get(0);
    }

    private void assertThatTheAlertFires() {
        assertThat(refused).isEmpty();
        assertThat(asked)
                .isNotEmpty()
                .allSatisfy(parameters ->
                        assertThat(parameters).containsEntry("query", "up == 0").containsKey("time"));
        assertThat(alerts)
                .extracting(Alert::labels)
                .containsExactly(Labels.of("alertname", "Down", "job", "x", "severity", "page"));
    }

    @Test
    void mimirIsToldTheTenantBelowItsPrefix() throws Exception {
        start(
                "/prometheus/api/v1/query",
                (exchange, parameters) -> "tenant".equals(exchange.header("X-Scope-OrgID"))
                        ? "{\"status\":\"success\"," + VECTOR + "}"
                        : "no org id",
                "{url: 'http://127.0.0.1:PORT/prometheus', headers: {X-Scope-OrgID: tenant}}");
        assertThatTheAlertFires();
    }

    @Test
    void mimirWithoutATenantFailsTheRuleWithItsReason() throws Exception {
        start(
                "/prometheus/api/v1/query",
                (exchange, parameters) -> exchange.header("X-Scope-OrgID") == null ? "no org id" : "unexpected",
                "{url: 'http://127.0.0.1:PORT/prometheus'}");
        assertThat(alerts).isEmpty();
        assertThat(rule().last().error()).contains("answered 401");
    }

    @Test
    void thanosIsToldToFailRatherThanToAnswerInPart() throws Exception {
        Dialect thanos = (exchange, parameters) -> "false".equals(parameters.get("partial_response"))
                ? "{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"store a:10901 is unavailable\"}"
                : "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]},"
                        + "\"warnings\":[\"store a:10901 is unavailable\"]}";
        start("/api/v1/query", thanos, "{url: 'http://127.0.0.1:PORT/?dedup=true', partial_response: false}");
        assertThat(asked.get(0)).containsEntry("dedup", "true");
        assertThat(rule().last().error()).contains("store a:10901 is unavailable");
    }

    @Test
    void thanosMayAnswerInPartUnlessToldOtherwise() throws Exception {
        start(
                "/api/v1/query",
                (exchange, parameters) -> parameters.containsKey("partial_response")
                        ? "nobody asked for that"
                        : "{\"status\":\"success\"," + VECTOR + ",\"warnings\":[\"store a:10901 is unavailable\"]}",
                "{url: 'http://127.0.0.1:PORT'}");
        assertThatTheAlertFires();
    }

    @Test
    void victoriaMetricsAnswersWithFieldsOfItsOwnAndWithoutInfos() throws Exception {
        start(
                "/select/0/prometheus/api/v1/query",
                (exchange, parameters) -> "1".equals(parameters.get("deny_partial_response"))
                                && "staging".equals(parameters.get("extra_label"))
                        ? "{\"status\":\"success\",\"isPartial\":false," + VECTOR
                                + ",\"stats\":{\"seriesFetched\":\"1\",\"executionTimeMsec\":0}}"
                        : "the parameters are missing",
                "{url: 'http://127.0.0.1:PORT/select/0/prometheus/?extra_label=staging', partial_response: false}");
        assertThatTheAlertFires();
    }
}
