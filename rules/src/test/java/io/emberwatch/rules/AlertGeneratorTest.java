package io.emberwatch.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cases of the Alert Generator Compliance Specification 1.0 (Prometheus' compliance repository): the service from
 * samples to what an Alertmanager gets, half a minute a step, one evaluation in each.
 *
 * <p>What happens is written down as a text: the step, then what {@code /api/v1/alerts} shows when that has changed, and
 * what is sent. Times are steps. At every step {@code /api/v1/rules} and the series {@code ALERTS} and {@code
 * ALERTS_FOR_STATE} have to agree with it.
 */
final class AlertGeneratorTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration STEP = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The value of a series at each step; the last one holds, NaN is no sample. */
    private static final class Input {
        private final Labels labels;
        private final double[] values;

        Input(Labels labels, double... values) {
            this.labels = labels;
            this.values = values;
        }

        void give(int step, long timestampMillis, List<Sample> samples) {
            double value = values[Math.min(step, values.length - 1)];
            if (!Double.isNaN(value)) {
                samples.add(new Sample(labels, timestampMillis, value));
            }
        }
    }

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock(START);
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Alert> sent = new ArrayList<>();
    private final List<JsonNode> posted = new CopyOnWriteArrayList<>();
    private final StringBuilder story = new StringBuilder();
    private HttpServer alertmanager;
    private HttpServer server;
    private RulesService service;
    private Instant grid = START;
    private String shown = "";
    private int told;

    private void start(String rules) throws IOException, ConfigException {
        Files.createDirectories(folder.resolve("home/prometheus/rules"));
        Files.writeString(folder.resolve("home/prometheus/rules/r.yml"), rules);
        alertmanager = HttpServer.start(
                ListenAddress.parse("127.0.0.1:0"), List.of(Route.post("/api/v2/alerts", this::record)));
        RulesConfig config = ConfigReader.parse(
                "emberwatch.yml",
                "external_url: http://here\nalertmanagers: [{url: 'http://127.0.0.1:" + alertmanager.port() + "'}]\n",
                RulesConfig.class);
        service = new RulesService(
                config,
                new ServiceContext(clock, scheduler, folder.resolve("data"), folder.resolve("home")),
                alerts -> {},
                null);
        service.alsoSendTo(sent::addAll);
        server = HttpServer.start(ListenAddress.parse("127.0.0.1:0"), service.routes());
        service.start();
    }

    @AfterEach
    void stop() {
        service.stop();
        server.close();
        alertmanager.close();
    }

    private void record(Exchange exchange) throws IOException {
        try {
            JSON.readTree(exchange.body(1 << 20)).forEach(posted::add);
        } catch (HttpError e) {
            throw new IOException(e);
        }
        exchange.respondText(200, "");
    }

    /** Goes on for some steps from step 0, then sees that the Alertmanager got what was sent. */
    private void run(int steps, Input... inputs) throws IOException, InterruptedException {
        for (int step = 0; step < steps; step++) {
            List<Sample> samples = new ArrayList<>();
            for (Input input : inputs) {
                input.give(step, clock.millis(), samples);
            }
            service.sampleSink().append(samples);
            scheduler.advance(STEP);
            if (step == 0) {
                grid = Objects.requireNonNull(service.groups().get(0).lastEvaluation());
            }
            tell(step);
        }
        service.stop();
        assertThat(posted.stream().map(JsonNode::toString))
                .containsExactlyElementsOf(
                        sent.stream().map(AlertGeneratorTest::json).toList());
    }

    private static String json(Alert alert) {
        ObjectNode json = JSON.createObjectNode();
        json.set("labels", json(alert.labels()));
        json.set("annotations", json(alert.annotations()));
        json.put("startsAt", alert.startsAt().toString());
        json.put("endsAt", alert.endsAt().toString());
        json.put("generatorURL", alert.generatorUrl());
        return json.toString();
    }

    private static ObjectNode json(Labels labels) {
        ObjectNode json = JSON.createObjectNode();
        for (int i = 0; i < labels.size(); i++) {
            json.put(labels.name(i), labels.value(i));
        }
        return json;
    }

    private void tell(int step) throws IOException, InterruptedException {
        JsonNode alerts = get("alerts").path("alerts");
        StringBuilder now = new StringBuilder();
        alerts.forEach(alert -> now.append(line(alert)));
        for (JsonNode fault : get("rules").path("groups").findValues("lastError")) {
            now.append(" fault: ").append(fault.asText()).append('\n');
        }
        if (!shown.contentEquals(now)) {
            shown = now.toString();
            story.append(step).append(shown.isEmpty() ? " nothing\n" : shown);
        }
        for (Alert alert : sent.subList(told, sent.size())) {
            boolean resolved = !alert.endsAt().isAfter(clock.instant());
            story.append(step)
                    .append(resolved ? " sent resolved " : " sent firing ")
                    .append(text(json(alert.labels())))
                    .append(" from ")
                    .append(step(alert.startsAt()))
                    .append(" to ")
                    .append(step(alert.endsAt()))
                    .append(' ')
                    .append(text(json(alert.annotations())))
                    .append('\n');
        }
        told = sent.size();
        agree(alerts);
    }

    private String line(JsonNode alert) {
        return " " + alert.path("state").asText() + " since "
                + step(Instant.parse(alert.path("activeAt").asText())) + " "
                + text(alert.path("labels"))
                + " " + alert.path("value").asText() + " " + text(alert.path("annotations"))
                + "\n";
    }

    private long step(Instant time) {
        return Math.floorDiv(Duration.between(grid, time).toMillis() + 15_000, STEP.toMillis());
    }

    private static String text(JsonNode object) {
        return labels(object).toString();
    }

    /** The other places that speak of the alerts say the same. */
    private void agree(JsonNode alerts) throws IOException, InterruptedException {
        Set<String> states = new TreeSet<>();
        Set<String> since = new TreeSet<>();
        for (JsonNode alert : alerts) {
            Map<String, String> labels = labels(alert.path("labels"));
            labels.put("__name__", "ALERTS_FOR_STATE");
            since.add(labels + " "
                    + Instant.parse(alert.path("activeAt").asText()).getEpochSecond());
            labels.put("__name__", "ALERTS");
            labels.put("alertstate", alert.path("state").asText());
            states.add(labels + " 1");
        }
        assertThat(series("ALERTS")).isEqualTo(states);
        assertThat(series("ALERTS_FOR_STATE")).isEqualTo(since);
        List<JsonNode> ofRules = new ArrayList<>();
        for (JsonNode group : get("rules").path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                rule.path("alerts").forEach(ofRules::add);
                assertThat(rule.path("state").asText()).isEqualTo(state(rule.path("alerts")));
                assertThat(rule.path("type").asText()).isEqualTo("alerting");
                assertThat(rule.has("lastError"))
                        .isEqualTo(!rule.path("health").asText().equals("ok"));
                assertThat(Instant.parse(rule.path("lastEvaluation").asText()))
                        .isBetween(clock.instant().minus(STEP), clock.instant());
                assertThat(rule.path("evaluationTime").isNumber()).isTrue();
            }
        }
        List<JsonNode> all = new ArrayList<>();
        alerts.forEach(all::add);
        assertThat(ofRules).isEqualTo(all);
    }

    private static String state(JsonNode alerts) {
        String state = "inactive";
        for (JsonNode alert : alerts) {
            String one = alert.path("state").asText();
            state = state.equals("firing") ? state : one;
        }
        return state;
    }

    private static Map<String, String> labels(JsonNode object) {
        Map<String, String> labels = new TreeMap<>();
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            labels.put(name, object.path(name).asText());
        }
        return labels;
    }

    private Set<String> series(String name) throws IOException, InterruptedException {
        Set<String> series = new TreeSet<>();
        for (JsonNode one : get("query?query=" + name).path("result")) {
            series.add(
                    labels(one.path("metric")) + " " + one.path("value").get(1).asText());
        }
        return series;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/api/v1/" + path);
        HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("data");
    }

    private static double[] values(double... lengthsAndValues) {
        int length = 0;
        for (int i = 0; i < lengthsAndValues.length; i += 2) {
            length += (int) lengthsAndValues[i];
        }
        double[] values = new double[length];
        int n = 0;
        for (int i = 0; i < lengthsAndValues.length; i += 2) {
            for (int j = 0; j < (int) lengthsAndValues[i]; j++) {
                values[n++] = lengthsAndValues[i + 1];
            }
        }
        return values;
    }

    private static Input input(String alert, double... values) {
        return new Input(Labels.of("__name__", "suite", "alertname", alert, "group", "g"), values);
    }

    @Test
    void anAlertIsPendingFiresIsResolvedAndBeginsAnew() throws Exception {
        start("""
                groups:
                  - name: g
                    interval: 30s
                    rules:
                      - alert: Simple
                        expr: '{__name__="suite", alertname="Simple"} > 10'
                        for: 6m
                        labels: {foo: bar}
                        annotations: {summary: "The value is {{$value}} {{.Value}}"}
                """);
        run(101, input("Simple", values(2, 5, 2, 9, 6, 11, 16, 15, 8, 19, 10, 9, 22, 15, 1, 8)));
        String labels = "{alertname=Simple, foo=bar, group=g}";
        assertThat(story).hasToString("""
                4 pending since 4 L 1.1e+01 {summary=The value is 11 11}
                10 pending since 4 L 1.5e+01 {summary=The value is 15 15}
                16 firing since 4 L 1.5e+01 {summary=The value is 15 15}
                16 sent firing L from 16 to 24 {summary=The value is 15 15}
                19 sent firing L from 16 to 27 {summary=The value is 15 15}
                22 sent firing L from 16 to 30 {summary=The value is 15 15}
                25 sent firing L from 16 to 33 {summary=The value is 15 15}
                26 firing since 4 L 1.9e+01 {summary=The value is 19 19}
                28 sent firing L from 16 to 36 {summary=The value is 19 19}
                31 sent firing L from 16 to 39 {summary=The value is 19 19}
                34 nothing
                34 sent resolved L from 16 to 34 {summary=The value is 19 19}
                37 sent resolved L from 16 to 34 {summary=The value is 19 19}
                40 sent resolved L from 16 to 34 {summary=The value is 19 19}
                43 sent resolved L from 16 to 34 {summary=The value is 19 19}
                44 pending since 44 L 1.5e+01 {summary=The value is 15 15}
                56 firing since 44 L 1.5e+01 {summary=The value is 15 15}
                56 sent firing L from 56 to 64 {summary=The value is 15 15}
                59 sent firing L from 56 to 67 {summary=The value is 15 15}
                62 sent firing L from 56 to 70 {summary=The value is 15 15}
                65 sent firing L from 56 to 73 {summary=The value is 15 15}
                66 nothing
                66 sent resolved L from 56 to 66 {summary=The value is 15 15}
                69 sent resolved L from 56 to 66 {summary=The value is 15 15}
                72 sent resolved L from 56 to 66 {summary=The value is 15 15}
                75 sent resolved L from 56 to 66 {summary=The value is 15 15}
                78 sent resolved L from 56 to 66 {summary=The value is 15 15}
                81 sent resolved L from 56 to 66 {summary=The value is 15 15}
                84 sent resolved L from 56 to 66 {summary=The value is 15 15}
                87 sent resolved L from 56 to 66 {summary=The value is 15 15}
                90 sent resolved L from 56 to 66 {summary=The value is 15 15}
                93 sent resolved L from 56 to 66 {summary=The value is 15 15}
                96 sent resolved L from 56 to 66 {summary=The value is 15 15}
                """.replace(" L ", " " + labels + " "));
        assertThat(sent.get(0).generatorUrl()).startsWith("http://here/graph?g0.expr=%7B__name__%3D%22suite%22");
        assertThat(URI.create(sent.get(0).generatorUrl()).getQuery())
                .contains("g0.expr=" + "{__name__=\"suite\",alertname=\"Simple\"}+>+10");
    }

    @Test
    void anAlertWithoutForFiresAtOnceAndOneWithAShortForAtTheNextEvaluation() throws Exception {
        start("""
                groups:
                  - name: g
                    interval: 30s
                    rules:
                      - alert: Zero
                        expr: '{__name__="suite", alertname="Zero"} > 10'
                        annotations:
                          asked: >-
                            {{ define "t" }}{{.arg0}} {{.arg1}} {{.arg2}}: {{ with query "suite{for='template'}" }}{{ . |
                            sortByLabel "id" | first | label "id" }}{{ range $v := sortByLabel "id" . }}, {{ . | label "id"
                            }}={{ . | value }}{{ end }}{{ end }}{{ end }}{{ template "t" (args "foo" "bar" 99) }}
                          shown: >-
                            {{humanize 1048576}} {{humanize1024 1048576}} {{humanizeDuration 135.3563}} {{humanizePercentage
                            0.959}} {{humanizeTimestamp 1643114203}}
                      - alert: Small
                        expr: '{__name__="suite", alertname="Small"} > 13'
                        for: 15s
                        annotations:
                          text: >-
                            {{title "this part"}} {{toUpper "is testing"}} {{toLower "THE STRINGS"}}. {{ stripPort "[::1]:6006"}}
                            {{ stripPort "127.0.0.1:4004"}}. {{parseDuration "2h10m15s"}}. {{if match "[0-9]+"
                            "1234"}}{{reReplaceAll "r.*d" "replaced" "rpld text"}}{{end}}. {{if match "[0-9]+$" "1234a"}}WRONG{{end}}.
                """);
        double[] values = values(2, 5, 2, 9, 7, 15, 36, 9, 3, 11, 1, 9);
        run(
                52,
                input("Zero", values),
                input("Small", values),
                template(101, values(40, 1, 1, 2)),
                template(103, values(40, 3, 1, 6)),
                template(102, values(40, 2, 1, 4)));
        List<String> lines = story.toString().lines().toList();
        String shown = "shown=1.049M 1Mi 2m 15s 95.9% 2022-01-25 12:36:43 +0000 UTC}";
        String text = "{text=This Part IS TESTING the strings. ::1 127.0.0.1. 7815. replaced text. .}";
        String zero = "{alertname=Zero, group=g} ";
        String small = "{alertname=Small, group=g} ";
        assertThat(lines.subList(0, 8))
                .containsExactly(
                        "4 firing since 4 " + zero + "1.5e+01 {asked=foo bar 99: 101, 101=1, 102=2, 103=3, " + shown,
                        " pending since 4 " + small + "1.5e+01 " + text,
                        "4 sent firing " + zero + "from 4 to 12 {asked=foo bar 99: 101, 101=1, 102=2, 103=3, " + shown,
                        "5 firing since 4 " + zero + "1.5e+01 {asked=foo bar 99: 101, 101=1, 102=2, 103=3, " + shown,
                        " firing since 4 " + small + "1.5e+01 " + text,
                        "5 sent firing " + small + "from 5 to 13 " + text,
                        "7 sent firing " + zero + "from 4 to 15 {asked=foo bar 99: 101, 101=1, 102=2, 103=3, " + shown,
                        "8 sent firing " + small + "from 5 to 16 " + text);
        // Long enough without it that its end is no longer sent, an alert fires anew.
        assertThat(lines).noneMatch(line -> line.matches("4[2-6] .*"));
        assertThat(lines)
                .contains(
                        "11 nothing",
                        "11 sent resolved " + zero + "from 4 to 11 {asked=foo bar 99: 101, 101=1, 102=2, 103=3, "
                                + shown,
                        "11 sent resolved " + small + "from 5 to 11 " + text,
                        "41 sent resolved " + zero + "from 4 to 11 {asked=foo bar 99: 101, 101=1, 102=2, 103=3, "
                                + shown,
                        "47 firing since 47 " + zero + "1.1e+01 {asked=foo bar 99: 101, 101=2, 102=4, 103=6, " + shown,
                        "47 sent firing " + zero + "from 47 to 55 {asked=foo bar 99: 101, 101=2, 102=4, 103=6, "
                                + shown,
                        "50 nothing",
                        "50 sent resolved " + zero + "from 47 to 50 {asked=foo bar 99: 101, 101=2, 102=4, 103=6, "
                                + shown);
    }

    private static Input template(int id, double[] values) {
        return new Input(Labels.of("__name__", "suite", "for", "template", "id", Integer.toString(id)), values);
    }

    @Test
    void whatWasOnlyPendingIsNeverSentAndWhatIsInactiveIsShownAsThat() throws Exception {
        start("""
                groups:
                  - name: g
                    interval: 30s
                    rules:
                      - alert: Pending
                        expr: '{__name__="suite", alertname="Pending"} > 10'
                        for: 3m
                        labels: {foo: bar}
                      - alert: Inactive
                        expr: '{__name__="suite", alertname="Inactive"} > 99'
                        for: 3m
                """);
        double[] values = values(4, 9, 5, 15, 4, 9, 5, 12, 1, 5);
        run(30, input("Pending", values), input("Inactive", values));
        assertThat(story).hasToString("""
                4 pending since 4 {alertname=Pending, foo=bar, group=g} 1.5e+01 {}
                9 nothing
                13 pending since 13 {alertname=Pending, foo=bar, group=g} 1.2e+01 {}
                18 nothing
                """);
        assertThat(sent).isEmpty();
    }

    @Test
    void newAlertsJoinThoseThatFireAndALaterRuleSeesThemAtOnce() throws Exception {
        start("""
                groups:
                  - name: g
                    interval: 30s
                    rules:
                      - alert: One
                        expr: suite > 10
                        for: 3m
                        labels: {foo: bar, group: h}
                      - alert: Two
                        expr: >-
                          (ALERTS{alertstate="firing", alertname="One", variant="a"} + ignoring (variant)
                          ALERTS{alertstate="firing", alertname="One", variant="b"}) == 2
                        labels: {foo: baz, extra: "{{ $labels.foo }}"}
                        annotations: {text: "Was {{$labels.alertname}} with {{.Labels.foo}}."}
                """);
        run(
                22,
                new Input(Labels.of("__name__", "suite", "group", "g", "variant", "a"), values(4, 1, 14, 11, 1, 1)),
                new Input(Labels.of("__name__", "suite", "group", "g", "variant", "b"), values(8, 1, 8, 11, 1, 1)));
        assertThat(story).hasToString("""
                4 pending since 4 A 1.1e+01 {}
                8 pending since 4 A 1.1e+01 {}
                 pending since 8 B 1.1e+01 {}
                10 firing since 4 A 1.1e+01 {}
                 pending since 8 B 1.1e+01 {}
                10 sent firing A from 10 to 18 {}
                13 sent firing A from 10 to 21 {}
                14 firing since 4 A 1.1e+01 {}
                 firing since 8 B 1.1e+01 {}
                 firing since 14 T 2e+00 {text=Was One with bar.}
                14 sent firing B from 14 to 22 {}
                14 sent firing T from 14 to 22 {text=Was One with bar.}
                16 firing since 4 A 1.1e+01 {}
                16 sent firing A from 10 to 24 {}
                16 sent resolved B from 14 to 16 {}
                16 sent resolved T from 14 to 16 {text=Was One with bar.}
                18 nothing
                18 sent resolved A from 10 to 18 {}
                19 sent resolved B from 14 to 16 {}
                19 sent resolved T from 14 to 16 {text=Was One with bar.}
                21 sent resolved A from 10 to 18 {}
                """.replace(" A ", " {alertname=One, foo=bar, group=h, variant=a} ")
                .replace(" B ", " {alertname=One, foo=bar, group=h, variant=b} ")
                .replace(" T ", " {alertname=Two, alertstate=firing, extra=bar, foo=baz, group=h} "));
    }

    @Test
    void anAlertWhoseSeriesEndsIsResolved() throws Exception {
        start("""
                groups:
                  - name: g
                    interval: 30s
                    rules: [{alert: Gone, expr: suite > 10}]
                """);
        run(16, new Input(Labels.of("__name__", "suite"), values(2, 1, 3, 11, 1, Double.NaN)));
        // The last sample, of step 4, counts for five minutes.
        assertThat(story.toString().lines().filter(line -> !line.contains("sent")))
                .containsExactly("2 firing since 2 {alertname=Gone} 1.1e+01 {}", "14 nothing");
        assertThat(sent.get(sent.size() - 1).endsAt()).isEqualTo(grid.plus(STEP.multipliedBy(14)));
    }

    @Test
    void twoAlertsWithTheSameLabelsFailTheRuleAndNothingIsSentOrWritten() throws Exception {
        start("""
                groups:
                  - name: g
                    interval: 30s
                    rules: [{alert: Same, expr: suite > 10, labels: {instance: all}}]
                """);
        run(
                6,
                new Input(Labels.of("__name__", "suite", "instance", "a"), values(3, 1, 1, 11)),
                new Input(Labels.of("__name__", "suite", "instance", "b"), values(3, 1, 1, 11)));
        assertThat(story)
                .hasToString("3 fault: vector contains metrics with the same labelset after applying alert labels\n");
        assertThat(sent).isEmpty();
    }

    @Test
    void rulesAreShownAsTheyWereWritten() throws Exception {
        start("""
                groups:
                  - name: g
                    interval: 30s
                    rules:
                      - alert: Shown
                        expr: suite>10
                        for: 90s
                        labels: {severity: "{{ $labels.group }}"}
                        annotations: {summary: "The value is {{$value}} {{.Value}}"}
                """);
        scheduler.advance(STEP);
        JsonNode group = get("rules").path("groups").get(0);
        assertThat(group.path("name").asText()).isEqualTo("g");
        assertThat(group.path("interval").asDouble()).isEqualTo(30);
        JsonNode rule = group.path("rules").get(0);
        assertThat(rule.path("name").asText()).isEqualTo("Shown");
        assertThat(rule.path("query").asText()).isEqualTo("suite > 10");
        assertThat(rule.path("duration").asDouble()).isEqualTo(90);
        assertThat(rule.path("labels").toString()).isEqualTo("{\"severity\":\"{{ $labels.group }}\"}");
        assertThat(rule.path("annotations").toString())
                .isEqualTo("{\"summary\":\"The value is {{$value}} {{.Value}}\"}");
        assertThat(rule.path("alerts").isEmpty()).isTrue();
        assertThat(rule.path("health").asText()).isEqualTo("ok");
        assertThat(rule.path("state").asText()).isEqualTo("inactive");
    }
}
