package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.Socket;
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
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine's API beside that of a real Prometheus with the same samples: the calls that Grafana's Prometheus data source
 * and promtool make get the same answers, byte for byte where order does not matter to either.
 */
final class PrometheusApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RULES = """
            groups:
              - name: g
                rules:
                  - {record: "job:up:sum", expr: sum by (job) (up)}
                  - {alert: AlwaysThere, expr: "up == 1", labels: {severity: page}, annotations: {summary: "up {{ $value }}"}}
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private String real = "";
    private String ours = "";
    private Instant at = Instant.EPOCH;

    /** A request as Grafana makes it: path and parameters. */
    private record Call(String method, String path, String parameters) {
        static Call get(String path, String... parameters) {
            return new Call("GET", path, form(parameters));
        }

        static Call post(String path, String... parameters) {
            return new Call("POST", path, form(parameters));
        }

        private static String form(String... parameters) {
            List<String> pairs = new ArrayList<>();
            for (int i = 0; i < parameters.length; i += 2) {
                pairs.add(parameters[i].replace("[]", "%5B%5D") + "="
                        + URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
            }
            return String.join("&", pairs);
        }
    }

    private HttpResponse<String> send(String base, Call call) throws Exception {
        return http.send(request(base, call), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(String base, Call call) {
        if (call.method().equals("GET")) {
            String query = call.parameters().isEmpty() ? "" : "?" + call.parameters();
            return HttpRequest.newBuilder(URI.create(base + call.path() + query))
                    .build();
        }
        return HttpRequest.newBuilder(URI.create(base + call.path()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(call.parameters()))
                .build();
    }

    @Test
    void answersAsPrometheusDoes() throws Exception {
        Files.writeString(folder.resolve("rules.yml"), RULES);
        int port = Peers.freePort();
        ours = "http://127.0.0.1:" + port;
        Files.writeString(folder.resolve("prometheus.yml"), """
                global: {evaluation_interval: 1s}
                rule_files: [rules.yml]
                """);
        Files.writeString(
                folder.resolve("emberwatch.yml"),
                "rules: {prometheus_config: " + folder.resolve("prometheus.yml") + "}");
        try (ServerProcess engine = Program.startRules(folder, port);
                PrometheusServer prometheus = PrometheusServer.start(
                        "prometheus", folder, """
                        global: {scrape_interval: 1s, evaluation_interval: 1s}
                        rule_files: ["%s"]
                        scrape_configs:
                          - {job_name: self, static_configs: [{targets: ["127.0.0.1:PORT"]}]}
                        remote_write:
                          - url: "%s/api/v1/write"
                            metadata_config: {send_interval: 1s}
                            write_relabel_configs:
                              - {source_labels: [__name__], regex: "ALERTS.*|job:up:sum", action: drop}
                        """.formatted(folder.resolve("rules.yml"), ours))) {
            try {
                real = prometheus.url();
                Peers.await("the engine is ready", Duration.ofSeconds(30), () -> Http.isOk(ours + "/-/ready"));
                Peers.await(
                        "samples have come",
                        Duration.ofSeconds(40),
                        () -> Http.value(ours, "count_over_time(up[10m])") >= 8);
                at = Instant.ofEpochSecond((long) Http.value(ours, "max(timestamp(up))") - 3);
                compareAnswers();
                compareShapes();
                comparePromtool();
                manyQueriesWaitAndAbandonedOnesStop();
            } catch (Throwable failed) {
                throw new AssertionError(engine.tail() + "\n" + prometheus.tail(), failed);
            }
        }
    }

    private List<Call> calls() {
        String now = Long.toString(at.getEpochSecond());
        String start = at.minusSeconds(5).getEpochSecond() + ".000";
        String end = at.getEpochSecond() + ".000";
        return List.of(
                // The health check of the data source.
                Call.post("/api/v1/query", "query", "1+1", "time", "4"),
                Call.get("/api/v1/query", "query", "1+1", "time", "4"),
                // Panels and Explore.
                Call.post("/api/v1/query_range", "query", "up", "start", start, "end", end, "step", "1"),
                Call.get("/api/v1/query_range", "query", "up{job=\"self\"}", "start", start, "end", end, "step", "1s"),
                Call.post("/api/v1/query", "query", "topk(3, prometheus_tsdb_head_series)", "time", now),
                Call.post("/api/v1/query", "query", "prometheus_http_requests_total", "time", end),
                Call.post("/api/v1/query", "query", "up[3s]", "time", at.toString()),
                Call.post("/api/v1/query", "query", "\"text\"", "time", now),
                Call.post("/api/v1/query", "query", "count by (handler) (prometheus_http_requests_total)", "time", now),
                Call.get("/api/v1/query_exemplars", "query", "up", "start", start, "end", end),
                // Variables, the metric browser and completion.
                Call.get("/api/v1/label/__name__/values", "start", start, "end", end),
                Call.get("/api/v1/label/job/values", "start", start, "end", end),
                Call.get("/api/v1/label/handler/values", "match[]", "prometheus_http_requests_total", "start", start),
                Call.post("/api/v1/labels", "start", start, "end", end, "match[]", "{__name__=\"up\"}"),
                Call.get("/api/v1/labels", "start", start, "end", end),
                Call.post("/api/v1/series", "match[]", "prometheus_http_requests_total{code=\"200\"}", "start", start),
                Call.get("/api/v1/series", "match[]", "up", "match[]", "go_info", "start", start, "end", end),
                // What is wrong.
                Call.get("/api/v1/series"),
                Call.get("/api/v1/query", "query", "up", "time", "yesterday"),
                Call.get("/api/v1/query_range", "query", "up", "start", end, "end", start, "step", "1"),
                Call.get("/api/v1/query_range", "query", "up", "start", start, "end", end, "step", "0"),
                Call.get("/api/v1/query_range", "query", "up", "start", "0", "end", end, "step", "1"),
                Call.get("/api/v1/query", "query", "up * on(x) group_left() (up or up)", "timeout", "soon"),
                Call.get("/api/v1/format_query", "query", "sum   (  up )by(job)"));
    }

    private void compareAnswers() throws Exception {
        List<String> differences = new ArrayList<>();
        for (Call call : calls()) {
            HttpResponse<String> expected = send(real, call);
            HttpResponse<String> answer = send(ours, call);
            JsonNode wanted = plain(expected.body());
            JsonNode got = plain(answer.body());
            if (expected.statusCode() != answer.statusCode() || !wanted.equals(got)) {
                differences.add(call + "\n  Prometheus " + expected.statusCode() + " " + wanted + "\n  here       "
                        + answer.statusCode() + " " + got);
            }
        }
        assertThat(differences).isEmpty();
    }

    // Series have no order, and the engine's own rules and metrics have no part in the comparison.
    private static JsonNode plain(String body) throws Exception {
        JsonNode answer = JSON.readTree(body);
        JsonNode data = answer.path("data");
        JsonNode list = data.isArray() ? data : data.path("result");
        boolean ordered = list.isArray() && !list.isEmpty() && list.get(0).isNumber();
        if (list instanceof ArrayNode array && !ordered) {
            List<JsonNode> items = new ArrayList<>();
            array.forEach(items::add);
            items.removeIf(item -> item.asText().matches("ALERTS.*|job:up:sum|alert(name|state)|severity"));
            items.sort(Comparator.comparing(JsonNode::toString));
            array.removeAll();
            array.addAll(items);
        }
        return answer;
    }

    /** Answers that tell of the server itself: their fields are there, whatever they say. */
    private void compareShapes() throws Exception {
        List<String> paths = List.of(
                "/api/v1/status/buildinfo",
                "/api/v1/status/runtimeinfo",
                "/api/v1/status/flags",
                "/api/v1/status/config",
                "/api/v1/status/tsdb",
                "/api/v1/status/walreplay",
                "/api/v1/rules",
                "/api/v1/rules?type=alert",
                "/api/v1/rules?type=record",
                "/api/v1/alerts",
                "/api/v1/alertmanagers",
                "/api/v1/targets?state=active",
                "/api/v1/metadata?limit=3",
                "/api/v1/metadata?metric=prometheus_build_info");
        for (String path : paths) {
            JsonNode wanted = Http.json(real + path);
            JsonNode got = Http.json(ours + path);
            if (path.endsWith("flags")) {
                assertThat(got.path("data").path("query.timeout").asText()).isEqualTo("2m");
            } else if (path.contains("limit=3")) {
                assertThat(got.path("data")).hasSize(3);
            } else {
                assertFields(path, "", wanted, got);
            }
        }
        assertThat(Http.json(ours + "/api/v1/rules?type=alert").toString())
                .contains("\"name\":\"AlwaysThere\"", "\"state\":\"firing\"")
                .doesNotContain("job:up:sum");
    }

    private static void assertFields(String path, String where, JsonNode wanted, JsonNode got) {
        assertThat(got.getNodeType()).as(path + where).isEqualTo(wanted.getNodeType());
        if (wanted instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(name -> {
                assertThat(got.has(name)).as(path + where + "." + name).isTrue();
                assertFields(path, where + "." + name, wanted.get(name), got.get(name));
            });
        } else if (wanted.isArray() && !wanted.isEmpty() && !got.isEmpty()) {
            assertFields(path, where + "[0]", wanted.get(0), got.get(0));
        }
    }

    private void comparePromtool() throws Exception {
        String now = Long.toString(at.getEpochSecond());
        String before = Long.toString(at.minusSeconds(4).getEpochSecond());
        List<List<String>> commands = List.of(
                List.of("instant", "--time=" + now, "SERVER", "sum by (code) (prometheus_http_requests_total)"),
                List.of("instant", "SERVER", "nonsense("),
                List.of("range", "--start=" + before, "--end=" + now, "--step=1s", "SERVER", "up"),
                List.of("series", "--match=up", "--start=" + before, "--end=" + now, "SERVER"),
                List.of("labels", "--start=" + before, "--end=" + now, "SERVER", "job"));
        for (List<String> command : commands) {
            String expected = promtool(command, real).replace(real, "");
            String answer = promtool(command, ours).replace(ours, "");
            if (command.contains("nonsense(")) {
                assertThat(answer).contains("parse error").contains("bad_data");
            } else {
                assertThat(answer.lines().sorted())
                        .as(command.toString())
                        .isEqualTo(expected.lines().sorted().toList());
            }
        }
    }

    private String promtool(List<String> arguments, String server) throws Exception {
        List<String> command = new ArrayList<>(List.of(Peers.program("/usr/bin/promtool", "prometheus"), "query"));
        arguments.forEach(argument -> command.add(argument.replace("SERVER", server)));
        ServerProcess process = ServerProcess.start("promtool-" + System.nanoTime(), folder, command);
        process.waitFor(20);
        return process.output();
    }

    /** A thousand at once are all answered; one whose client leaves does not go on. */
    private void manyQueriesWaitAndAbandonedOnesStop() throws Exception {
        Call call = Call.get("/api/v1/query", "query", "sum(rate(prometheus_http_requests_total[5s]))");
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.add(http.sendAsync(request(ours, call), HttpResponse.BodyHandlers.ofString())
                    .thenApply(HttpResponse::statusCode));
        }
        for (CompletableFuture<Integer> answer : answers) {
            assertThat(answer.join()).isEqualTo(200);
        }
        // A thousand medians of an hour for each of some hundred series: minutes, if it may run.
        long end = at.getEpochSecond();
        Call endless = Call.get(
                "/api/v1/query_range",
                "query",
                "sum(quantile_over_time(0.5, ({__name__=~\"prometheus_.+\"} @ " + end + ")[1h:1s]))",
                "start",
                Long.toString(end - 1_000),
                "end",
                Long.toString(end),
                "step",
                "1");
        URI address = request(ours, endless).uri();
        try (Socket client = new Socket(address.getHost(), address.getPort())) {
            String head = "GET " + address.getRawPath() + "?" + address.getRawQuery() + " HTTP/1.1\r\nHost: x\r\n\r\n";
            client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            Peers.await("it runs", Duration.ofSeconds(10), () -> metric("prometheus_engine_queries") == 1);
        }
        Peers.await("it is stopped", Duration.ofSeconds(20), () -> metric("prometheus_engine_queries") == 0);
        assertThat(metric("emberwatch_rules_queries_abandoned_total")).isEqualTo(1);
    }

    private double metric(String name) throws Exception {
        return Http.get(ours + "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }
}
