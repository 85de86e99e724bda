package io.emberwatch.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.Sample;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RulesServiceTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String RULES = """
            groups:
              - name: g
                rules:
                  - {record: "job:up:sum", expr: sum by (job) (up)}
                  - record: seen
                    expr: job:up:sum + 1
                  - alert: Down
                    expr: up == 0
                    for: 30s
                    labels: {severity: page}
                    annotations: {summary: "{{ $labels.instance }} is down since {{ $value }}"}
            """;

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock(START);
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final List<Alert> alerts = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private RulesService service;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException, ConfigException {
        Files.createDirectories(folder.resolve("home/prometheus/rules"));
        Files.writeString(folder.resolve("home/prometheus/rules/r.yml"), RULES);
        begin("evaluation_interval: 15s\nexternal_labels: {cluster: c1}\nexternal_url: http://here/\n");
    }

    private void begin(String yaml) throws IOException, ConfigException {
        RulesConfig config = ConfigReader.parse("emberwatch.yml", yaml, RulesConfig.class);
        service = new RulesService(
                config,
                new ServiceContext(clock, scheduler, folder.resolve("data"), folder.resolve("home")),
                alerts::addAll,
                null);
        server = HttpServer.start(ListenAddress.parse("127.0.0.1:0"), service.routes());
        service.start();
    }

    @AfterEach
    void stop() {
        server.close();
        service.stop();
    }

    /** Writes {@code up} every 15 s for a while. */
    private void run(int seconds, double a, double b) {
        for (int i = 0; i < seconds; i += 15) {
            long now = clock.millis();
            service.sampleSink()
                    .append(List.of(
                            new Sample(Labels.of("__name__", "up", "job", "x", "instance", "a"), now, a),
                            new Sample(Labels.of("__name__", "up", "job", "x", "instance", "b"), now, b)));
            scheduler.advance(Duration.ofSeconds(15));
        }
    }

    private String get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + "/api/v1/" + path);
    }

    private String send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void rulesSeeWhatTheRulesBeforeThemRecorded() {
        run(60, 1, 1);
        assertThat(get("query?query=seen"))
                .isEqualTo("200 {\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":"
                        + "{\"__name__\":\"seen\",\"job\":\"x\"},\"value\":[1767225660,\"3\"]}]}}");
    }

    @Test
    void alertsGetExternalLabelsAndGoToTheFallback() {
        run(120, 1, 0);
        assertThat(alerts).isNotEmpty().allSatisfy(alert -> {
            assertThat(alert.labels())
                    .isEqualTo(Labels.of(
                            "alertname", "Down", "cluster", "c1", "instance", "b", "job", "x", "severity", "page"));
            assertThat(alert.generatorUrl()).startsWith("http://here/graph?g0.expr=up");
        });
        assertThat(get("alerts"))
                .contains("\"state\":\"firing\"", "\"summary\":\"b is down since 0\"", "\"value\":\"0e+00\"");
    }

    @Test
    void answersInTheShapesOfPrometheus() {
        run(60, 1, 0);
        assertThat(get("query?query=up%7Binstance=%22a%22%7D%5B20s%5D&time=1767225645"))
                .contains("\"resultType\":\"matrix\"", "\"values\":[[1767225630,\"1\"],[1767225645,\"1\"]]");
        assertThat(get("query?query=1")).contains("\"resultType\":\"scalar\",\"result\":[1767225660,\"1\"]");
        assertThat(get("query?query=vector(1e-7)")).contains("\"1e-07\"");
        assertThat(get("query?query=%22x%22&time=2026-01-01T00:00:00.5Z"))
                .contains("\"resultType\":\"string\",\"result\":[1767225600.500,\"x\"]");
        assertThat(get("query_range?query=sum(up)&start=1767225600&end=1767225645&step=15s"))
                .contains("{\"metric\":{},\"values\":[[1767225600,\"1\"],[1767225615,\"1\"],[1767225630,\"1\"],"
                        + "[1767225645,\"1\"]]}");
        assertThat(get("series?match[]=up")).contains("{\"__name__\":\"up\",\"instance\":\"a\",\"job\":\"x\"}");
        assertThat(get("series?match[]=up&limit=1")).contains("\"warnings\":[\"results truncated due to limit\"]");
        assertThat(get("labels?match[]=up")).contains("[\"__name__\",\"instance\",\"job\"]");
        assertThat(get("label/instance/values")).isEqualTo("200 {\"status\":\"success\",\"data\":[\"a\",\"b\"]}");
        assertThat(get("format_query?query=sum(up)by(job)")).contains("\"data\":\"sum by (job) (up)\"");
        assertThat(get("rules?type=record&rule_name[]=seen"))
                .contains("\"name\":\"seen\"", "\"health\":\"ok\"", "\"interval\":15", "\"type\":\"recording\"")
                .doesNotContain("job:up:sum\",");
        assertThat(get("rules?type=alert"))
                .contains("\"state\":\"firing\"", "\"duration\":30", "\"keepFiringFor\":0", "\"alerts\":[{");
        assertThat(get("rules?group_limit=1")).doesNotContain("groupNextToken");
        assertThat(get("targets")).contains("\"activeTargets\":[]", "\"droppedTargets\":[]");
        assertThat(get("metadata")).contains("\"data\":{}");
        assertThat(get("status/buildinfo")).contains("\"version\":\"3.");
        assertThat(get("status/runtimeinfo"))
                .contains("\"startTime\":\"2026-01-01T00:00:00Z\"", "\"reloadConfigSuccess\":true");
        assertThat(get("status/tsdb")).contains("\"numSeries\":", "{\"name\":\"up\",\"value\":2}");
        assertThat(get("status/flags")).contains("\"query.lookback-delta\":\"5m\"");
        assertThat(get("status/config")).contains("\"yaml\":");
        assertThat(get("alertmanagers")).contains("\"activeAlertmanagers\":[]");
        assertThat(get("query_exemplars?query=up")).contains("\"data\":[]");
    }

    @Test
    void refusesInTheWordsOfPrometheus() {
        assertThat(get("query"))
                .isEqualTo("400 {\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"invalid parameter"
                        + " \\\"query\\\": 1:1: parse error: no expression found in input\"}");
        assertThat(get("query?query=up&time=x"))
                .contains("Invalid time value for 'time': cannot parse \\\"x\\\" to a valid timestamp");
        assertThat(get("query_range?query=up&start=1&end=2"))
                .contains("invalid parameter \\\"step\\\": cannot parse \\\"\\\" to a valid duration");
        assertThat(get("query_range?query=up&start=1&end=0&step=1")).contains("end timestamp must not be before");
        assertThat(get("query_range?query=up&start=1&end=2&step=0")).contains("zero or negative query resolution");
        assertThat(get("query_range?query=up&start=1&end=100000&step=1"))
                .contains("400", "exceeded maximum resolution of 11,000 points per timeseries");
        assertThat(get("query_range?query=up%5B2s%5D&start=1&end=2&step=5s"))
                .startsWith("400 ")
                .contains("invalid expression type \\\"range vector\\\" for range query");
        assertThat(get("series")).contains("no match[] parameter provided");
        assertThat(get("series?match[]=up%7B")).contains("invalid parameter \\\"match[]\\\": 1:4: parse error");
        assertThat(get("rules?type=x")).contains("not supported value \\\"x\\\"");
        run(30, 1, 1);
        assertThat(get("query?query=up+%2B+on()+up")).startsWith("422 ").contains("\"errorType\":\"execution\"");
    }

    @Test
    void takesForms() {
        run(30, 1, 1);
        HttpRequest post = HttpRequest.newBuilder(uri("query"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("query=count%28up%29"))
                .build();
        assertThat(send(post)).contains("\"2\"");
    }

    @Test
    void promtoolAsksIt() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/promtool")), "promtool is not installed");
        run(60, 1, 0);
        String url = "http://127.0.0.1:" + server.port();
        assertThat(promtool("query", "instant", url, "up", "--time", "1767225645"))
                .isEqualTo("""
                        up{instance="a", job="x"} => 1 @[1767225645]
                        up{instance="b", job="x"} => 0 @[1767225645]
                        """);
        assertThat(promtool("query", "range", "--start=1767225600", "--end=1767225630", "--step=15s", url, "sum(up)"))
                .isEqualTo("{} =>\n1 @[1767225600]\n1 @[1767225615]\n1 @[1767225630]\n");
        assertThat(promtool("query", "series", "--match=up{instance='a'}", url))
                .isEqualTo("{__name__=\"up\", instance=\"a\", job=\"x\"}\n");
        assertThat(promtool("query", "labels", url, "instance")).isEqualTo("a\nb\n");
    }

    private static String promtool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void reloadReportsFaultsAndKeepsTheOldRules() throws IOException {
        Path rules = folder.resolve("home/prometheus/rules/r.yml");
        Files.writeString(rules, "groups: [{name: g, rules: [{record: a, expr: up +}]}]");
        assertThatThrownBy(service::reload)
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("r.yml: 1:46: group \"g\", rule 1, \"a\": could not parse expression: 1:5:"
                        + " parse error: unexpected end of input");
        assertThat(service.groups())
                .singleElement()
                .satisfies(group -> assertThat(group.rules()).hasSize(3));
        assertThat(metric("prometheus_config_last_reload_successful")).isZero();
        assertThat(metric("emberwatch_rules_file_faults")).isEqualTo(1);
        Files.writeString(rules, "groups: [{name: g, rules: [{record: a, expr: up}]}]");
        service.reload();
        assertThat(metric("prometheus_config_last_reload_successful")).isEqualTo(1);
    }

    private double metric(String name) {
        return service.metrics().stream()
                .filter(family -> family.name().equals(name))
                .mapToDouble(family -> family.points().get(0).value())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void countsUnderPrometheusNames() {
        run(60, 1, 1);
        assertThat(service.metrics().stream().map(MetricFamily::name))
                .contains(
                        "prometheus_rule_evaluations_total",
                        "prometheus_rule_evaluation_failures_total",
                        "prometheus_rule_evaluation_duration_seconds",
                        "prometheus_rule_group_duration_seconds",
                        "prometheus_rule_group_iterations_total",
                        "prometheus_rule_group_iterations_missed_total",
                        "prometheus_rule_group_interval_seconds",
                        "prometheus_rule_group_last_evaluation_timestamp_seconds",
                        "prometheus_rule_group_last_duration_seconds",
                        "prometheus_rule_group_last_rule_duration_sum_seconds",
                        "prometheus_rule_group_last_restore_duration_seconds",
                        "prometheus_rule_group_rules",
                        "prometheus_rule_group_last_evaluation_samples",
                        "prometheus_notifications_sent_total",
                        "prometheus_notifications_errors_total",
                        "prometheus_notifications_dropped_total",
                        "prometheus_notifications_queue_length",
                        "prometheus_notifications_queue_capacity",
                        "prometheus_notifications_latency_seconds",
                        "prometheus_notifications_alertmanagers_discovered",
                        "prometheus_template_text_expansion_failures_total");
        assertThat(metric("prometheus_rule_evaluations_total")).isEqualTo(12);
    }

    @Test
    void aRestartNeitherDelaysNorResolvesAnAlert() throws IOException, ConfigException {
        Files.writeString(folder.resolve("home/prometheus/rules/r.yml"), """
                groups:
                  - name: g
                    rules:
                      - {alert: Held, expr: up == 0, for: 5m}
                      - {alert: Kept, expr: up == 0, keep_firing_for: 10m, annotations: {v: "{{ $labels.instance }}"}}
                """);
        service.reload();
        run(360, 1, 0);
        assertThat(get("alerts")).contains("\"alertname\":\"Held\"").contains("\"alertname\":\"Kept\"");
        Instant since = alert("Held").startsAt();
        run(30, 1, 1);
        stop();
        alerts.clear();
        clock.advance(Duration.ofSeconds(60));
        begin("evaluation_interval: 15s\n");
        run(45, 0, 1);
        assertThat(get("alerts"))
                .contains("\"alertname\":\"Kept\",\"instance\":\"b\"", "\"keepFiringSince\":\"2026-01-01T00:06:");
        assertThat(alert("Kept").annotations()).isEqualTo(Labels.of("v", "b"));
        assertThat(since).isBefore(clock.instant());
        run(630, 1, 1);
        assertThat(get("alerts")).contains("\"alerts\":[]");
    }

    private Alert alert(String name) {
        return alerts.stream()
                .filter(alert -> alert.labels().get("alertname").equals(name)
                        && alert.labels().get("instance").equals("b"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anAlertThatFiredBeforeARestartFiresAgainAtOnce() throws IOException, ConfigException {
        Files.writeString(
                folder.resolve("home/prometheus/rules/r.yml"),
                "groups: [{name: g, rules: [{alert: Held, expr: up == 0, for: 5m}]}]");
        service.reload();
        run(420, 1, 0);
        stop();
        alerts.clear();
        begin("evaluation_interval: 15s\n");
        run(30, 1, 0);
        assertThat(alerts).isEmpty();
        run(15, 1, 0);
        assertThat(alerts).isNotEmpty();
    }

    @Test
    void largeAnswersAreSentAsTheyAreWritten() throws Exception {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 15_000; i++) {
            samples.add(new Sample(Labels.of("__name__", "many", "instance", "host-" + i), clock.millis(), i));
        }
        service.sampleSink().append(samples);
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(uri("query?query=many&time=" + START.getEpochSecond()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).hasSizeGreaterThan(1 << 20).endsWith("}]}}");
        assertThat(answer.body().split("\"__name__\":\"many\"", -1)).hasSize(15_001);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().firstValue("Transfer-Encoding")).contains("chunked");
    }

    @Test
    void subqueriesWithoutAStepGoByTheEvaluationIntervalOfTheFile() throws Exception {
        stop();
        Path file = folder.resolve("prometheus.yml");
        Files.writeString(file, "global: {evaluation_interval: 20s}\n");
        begin("prometheus_config: " + file + "\n");
        String query = "query?query=count_over_time(vector(1)%5B4m:%5D)&time=" + START.getEpochSecond();
        assertThat(get(query)).contains("\"12\"");
        // Prometheus evaluates once a minute unless told otherwise.
        Files.writeString(file, "global: {}\n");
        service.reload();
        assertThat(get(query)).contains("\"4\"");
    }
}
