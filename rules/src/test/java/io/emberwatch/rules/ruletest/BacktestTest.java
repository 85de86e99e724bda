package io.emberwatch.rules.ruletest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.engine.RuleFileException;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.SeriesNotation;
import io.emberwatch.rules.query.SeriesSource;
import io.emberwatch.rules.query.SyntaxException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

final class BacktestTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private static TestStore history() throws SyntaxException {
        TestStore store = new TestStore();
        for (String line : List.of(
                "up{job=\"a\"} 1x9 0x4 1x9 0x1 1x30", "down:count 7x60", "many{a=\"1\"} 1x60", "many{a=\"2\"} 1x60")) {
            store.give(SeriesNotation.parse(line).toSeries(START.toEpochMilli(), 60_000));
        }
        store.loadUntil(Long.MAX_VALUE);
        return store;
    }

    private int run(String rules, SeriesSource history) throws IOException {
        Path file = folder.resolve("r.yml");
        Files.writeString(file, rules);
        Backtest.Period period = new Backtest.Period(START, START.plus(Duration.ofMinutes(50)), Duration.ofMinutes(1));
        return Backtest.run(List.of(file), history, period, new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private static final String RULES = """
            groups:
              - name: g
                rules:
                  - {record: "down:count", expr: count(up == 0)}
                  - {alert: Down, expr: "down:count > 0", for: 2m, keep_firing_for: 3m, labels: {severity: page}}
                  - {alert: Never, expr: up == 3}
            """;

    @Test
    void tellsWhenAlertsWouldHaveFired() throws IOException, SyntaxException {
        assertThat(run(RULES, history())).isEqualTo(Backtest.OK);
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("""
                        51 evaluations from 2026-01-01T00:00:00Z to 2026-01-01T00:50:00Z, every 1m

                        Down: fired 1 time
                          2026-01-01T00:12:00Z  for 6m  {severity="page"}

                        Never: never fired
                        """);
    }

    @Test
    void readsTheHistoryOfARemoteApi() throws IOException, SyntaxException {
        QueryEngine remote = new QueryEngine(history(), EngineOptions.defaults());
        assertThat(run(RULES, new RemoteHistory(remote, START.plus(Duration.ofMinutes(50)))))
                .isEqualTo(Backtest.OK);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("2026-01-01T00:12:00Z  for 6m");
    }

    @Test
    void namesRulesThatFail() throws IOException, SyntaxException {
        String rules = "groups: [{name: g, rules: [{alert: Bad, expr: many + on() many}]}]";
        assertThat(run(rules, history())).isEqualTo(Backtest.FAILED);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("Bad could not be evaluated at 2026-01-01T00:00:00Z: found duplicate series");
        assertThat(run("groups: [{name: g, rules: [{alert: Bad}]}]", history())).isEqualTo(Backtest.UNUSABLE);
    }

    private BacktestResult result() throws IOException, SyntaxException, RuleFileException, QueryException {
        Path file = Files.writeString(folder.resolve("r.yml"), RULES);
        Backtest.Period period = new Backtest.Period(START, START.plus(Duration.ofMinutes(50)), Duration.ofMinutes(1));
        return Backtest.evaluate(List.of(file), history(), period);
    }

    @Test
    void tellsPendingTimesAndHighestValuesAsJson() throws Exception {
        JsonNode json = new ObjectMapper().readTree(BacktestFormat.JSON.write(result()));
        assertThat(json.path("evaluations").asInt()).isEqualTo(51);
        JsonNode down = json.path("alerts").get(0);
        assertThat(down.path("alert").asText()).isEqualTo("Down");
        assertThat(down.path("fired").asInt()).isEqualTo(1);
        assertThat(down.path("episodes").get(0).toString())
                .isEqualTo("{\"state\":\"pending\",\"begin\":\"2026-01-01T00:10:00Z\","
                        + "\"end\":\"2026-01-01T00:12:00Z\",\"seconds\":120.0,\"highest\":\"1\","
                        + "\"labels\":{\"alertname\":\"Down\",\"severity\":\"page\"}}");
        assertThat(json.path("alerts").get(1).path("episodes")).isEmpty();
    }

    @Test
    void drawsATimelineThatIsWellFormed() throws Exception {
        String svg = BacktestFormat.SVG.write(result());
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(svg)
                .contains("1 of 2 alerts would have fired, 1 time")
                .contains("<title>firing from 2026-01-01 00:12:00 for 6m, highest value 1</title>")
                .contains("never active");
    }

    @Test
    void stopsWhenTheHistoryCannotBeRead() throws IOException {
        SeriesSource gone = (matchers, from, to) -> {
            throw new QueryException(QueryException.Kind.UNAVAILABLE, "cannot reach http://x");
        };
        assertThat(run(RULES, gone)).isEqualTo(Backtest.FAILED);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .isEqualTo("the history cannot be read: cannot reach http://x" + System.lineSeparator());
    }
}
