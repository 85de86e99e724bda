package io.emberwatch.rules.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.Staleness;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuleSetTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Labels A = Labels.of("__name__", "up", "job", "a");
    private static final Labels B = Labels.of("__name__", "up", "job", "b");

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final ScriptedQueries source = new ScriptedQueries();
    private final List<Sample> written = new ArrayList<>();
    private final List<Alert> sent = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private RuleSettings settings = RuleSettings.defaults();
    private RuleSet set;

    @BeforeEach
    void start() {
        set = newSet();
    }

    private RuleSet newSet() {
        RuleEvents counting = new RuleEvents() {
            @Override
            public void iterationsMissed(String group, long count) {
                events.add("missed " + count);
            }

            @Override
            public void ruleFailed(String group) {
                events.add("failed");
            }
        };
        return new RuleSet(
                new RuleEnvironment(
                        RuleQueries.unchecked(source), source, written::addAll, sent::addAll, settings, counting),
                scheduler);
    }

    private ReloadReport load(String... files) throws IOException {
        for (int i = 0; i < files.length; i++) {
            Files.writeString(folder.resolve("r" + i + ".yml"), files[i]);
        }
        return reload();
    }

    private ReloadReport reload() throws IOException {
        return set.reload(RuleFiles.find(folder, "*.yml"), settings, clock.instant());
    }

    private void minutes(int count) {
        scheduler.advance(MINUTE.multipliedBy(count));
    }

    private Stream<String> writtenTexts() {
        return written.stream()
                .map(sample -> sample.labels() + " " + (Staleness.isStale(sample.value()) ? "stale" : sample.value()));
    }

    private RuleStatus rule(int index) {
        return set.groups().get(0).rules().get(index);
    }

    @Test
    void recordsUnderTheRulesNameAndLabels() throws IOException {
        source.answer("up", A, 1, B, 0);
        load("groups: [{name: g, rules: [{record: r, expr: up, labels: {job: '', zone: eu, instance: x}}]}]");
        minutes(1);
        assertThat(rule(0).last().error())
                .isEqualTo("vector contains metrics with the same labelset after applying rule labels");
        assertThat(rule(0).health()).isEqualTo(RuleHealth.BAD);
        source.answer("up", A, 1);
        minutes(1);
        assertThat(writtenTexts()).containsExactly("r{instance=\"x\", zone=\"eu\"} 1.0");
        assertThat(rule(0).health()).isEqualTo(RuleHealth.GOOD);
        assertThat(events).containsExactly("failed");
    }

    @Test
    void evaluatesOnTheGridOfTheGroup() throws IOException {
        load("groups: [{name: g, interval: 30s, query_offset: 5s, rules: [{record: r, expr: up}]}]");
        minutes(2);
        long offset = GroupRunner.slot(folder.resolve("r0.yml").toString(), "g", Duration.ofSeconds(30))
                .toMillis();
        assertThat(source.asked)
                .hasSize(4)
                .allSatisfy(at ->
                        assertThat((at.toEpochMilli() + 5000 - offset) % 30_000).isZero());
        assertThat(set.groups().get(0).lastEvaluation())
                .isEqualTo(source.asked.get(3).plusSeconds(5));
    }

    @Test
    void slotsSpreadOverTheInterval() {
        long early = Stream.iterate(0, i -> i + 1)
                .limit(1000)
                .filter(i -> GroupRunner.slot("f", "g" + i, MINUTE).toSeconds() < 30)
                .count();
        assertThat(early).isBetween(400L, 600L);
    }

    @Test
    void seriesThatVanishAreMarkedStale() throws IOException {
        source.answer("up", A, 1, B, 1);
        load("groups: [{name: g, rules: [{record: r, expr: up}]}]");
        minutes(1);
        source.answer("up", A, 1);
        minutes(1);
        source.fail("up", "no");
        minutes(1);
        source.answer("up");
        minutes(1);
        assertThat(writtenTexts())
                .containsExactly(
                        "r{job=\"a\"} 1.0",
                        "r{job=\"b\"} 1.0",
                        "r{job=\"a\"} 1.0",
                        "r{job=\"b\"} stale",
                        "r{job=\"a\"} stale");
    }

    @Test
    void limitDropsTheResult() throws IOException {
        source.answer("up", A, 1, B, 1);
        load("groups: [{name: g, limit: 1, rules: [{record: r, expr: up}]}]");
        minutes(1);
        assertThat(written).isEmpty();
        assertThat(rule(0).last().error()).isEqualTo("exceeded limit of 1 with 2 series");
    }

    @Test
    void alertsGoThroughTheirStates() throws IOException {
        source.answer("up == 0", A, 0);
        load("""
                groups:
                  - name: g
                    rules:
                      - alert: Down
                        expr: up == 0
                        for: 1m
                        labels: {severity: page, job: "{{ $labels.job | toUpper }}"}
                        annotations: {text: "{{ $value }} at {{ $labels.job }}"}
                """);
        assertThat(rule(0).state()).isEqualTo(AlertState.UNKNOWN);
        minutes(1);
        assertThat(rule(0).state()).isEqualTo(AlertState.PENDING);
        assertThat(sent).isEmpty();
        minutes(1);
        assertThat(rule(0).alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(AlertState.FIRING);
            assertThat(alert.labels()).isEqualTo(Labels.of("alertname", "Down", "job", "A", "severity", "page"));
            assertThat(alert.annotations()).isEqualTo(Labels.of("text", "0 at a"));
        });
        assertThat(sent).singleElement().satisfies(alert -> {
            assertThat(alert.generatorUrl()).isEqualTo("/graph?g0.expr=up+%3D%3D+0&g0.tab=1");
            assertThat(Duration.between(alert.startsAt(), alert.endsAt())).isEqualTo(Duration.ofMinutes(4));
        });
        source.answer("up == 0");
        minutes(1);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).isResolvedAt(clock.instant())).isTrue();
        assertThat(rule(0).state()).isEqualTo(AlertState.INACTIVE);
    }

    @Test
    void failingTemplatesShowTheirErrorAndAreCounted() throws IOException {
        source.answer("up == 0", A, 0);
        load("groups: [{name: g, rules: [{alert: X, expr: up == 0, annotations: {a: '{{ .Nope }}'}}]}]");
        minutes(1);
        assertThat(rule(0).alerts().get(0).annotations().get("a"))
                .startsWith("<error expanding template: error executing template __alert_X: template: __alert_X:1:");
    }

    @Test
    void aBadFileKeepsItsOldGroupsAndTheRestGoesOn() throws IOException {
        load(
                "groups: [{name: g, rules: [{record: r, expr: up}]}]",
                "groups: [{name: h, rules: [{record: s, expr: up}]}]");
        ReloadReport report = load(
                "groups: [{name: g, rules: [{record: r}]}]", "groups: [{name: h, rules: [{record: t, expr: up}]}]");
        assertThat(report.isClean()).isFalse();
        assertThat(report.faults())
                .singleElement()
                .asString()
                .endsWith("r0.yml: 1:28: group \"g\", rule 1, \"r\": field 'expr' must be set in rule");
        assertThat(report.groups()).isEqualTo(2);
        assertThat(set.groups().stream()
                        .flatMap(group ->
                                group.rules().stream().map(rule -> rule.rule().name())))
                .containsExactlyInAnyOrder("r", "t");
    }

    @Test
    void unchangedGroupsKeepRunningAndChangedOnesKeepTheirAlerts() throws IOException {
        source.answer("up == 0", A, 0);
        String rule = "{alert: Down, expr: up == 0, for: 2m}";
        load("groups: [{name: g, rules: [" + rule + "]}]", "groups: [{name: h, rules: [" + rule + "]}]");
        minutes(2);
        load(
                "groups: [{name: g, rules: [" + rule + "]}]",
                "groups: [{name: h, rules: [" + rule + ", {record: x, expr: up}]}]");
        minutes(1);
        assertThat(set.groups())
                .allSatisfy(group -> assertThat(group.rules().get(0).state()).isEqualTo(AlertState.FIRING));
    }

    @Test
    void removedRulesAndGroupsEndTheirSeries() throws IOException {
        source.answer("up", A, 1);
        load(
                "groups: [{name: g, rules: [{record: r, expr: up}, {record: s, expr: up}]}]",
                "groups: [{name: h, rules: [{record: t, expr: up}]}]");
        minutes(1);
        written.clear();
        Files.delete(folder.resolve("r1.yml"));
        load("groups: [{name: g, rules: [{record: r, expr: up}]}]");
        minutes(3);
        assertThat(writtenTexts())
                .contains("s{job=\"a\"} stale", "t{job=\"a\"} stale")
                .doesNotContain("r{job=\"a\"} stale");
    }

    @Test
    void changedIntervalTakesEffect() throws IOException {
        load("groups: [{name: g, rules: [{record: r, expr: up}]}]");
        settings = settings.withEvaluationInterval(Duration.ofSeconds(10));
        reload();
        minutes(1);
        assertThat(source.asked).hasSize(6);
        assertThat(set.groups().get(0).interval()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void restartTakesUpTheBeginningOfAnAlert() throws IOException {
        source.answer("up == 0", A, 0);
        Instant down = clock.instant().minusSeconds(60);
        forState(down, down.minusSeconds(3600), "for_state");
        load("groups: [{name: g, rules: [{alert: Down, expr: up == 0, for: 30m}]}]");
        minutes(2);
        assertThat(written).isEmpty();
        assertThat(rule(0).alerts().get(0).activeAt()).isEqualTo(down.minusSeconds(3600));
        assertThat(rule(0).state()).isEqualTo(AlertState.PENDING);
        minutes(1);
        assertThat(rule(0).state()).isEqualTo(AlertState.FIRING);
        assertThat(written).hasSize(2);
    }

    @Test
    void restartDoesNotShortenShortHoldDurations() throws IOException {
        source.answer("up == 0", A, 0);
        Instant down = clock.instant().minusSeconds(600);
        forState(down, down.minusSeconds(60), "for_state");
        load("groups: [{name: g, rules: [{alert: Down, expr: up == 0, for: 5m}]}]");
        minutes(2);
        Instant restored = set.groups().get(0).lastEvaluation();
        assertThat(rule(0).alerts().get(0).activeAt()).isEqualTo(restored.minusSeconds(60));
    }

    @Test
    void alertThatEndedBeforeTheRestartIsNotTakenUp() throws IOException {
        source.answer("up == 0", A, 0);
        Instant down = clock.instant().minusSeconds(1200);
        forState(down, down.minusSeconds(3600), "other");
        load("groups: [{name: g, rules: [{alert: Down, expr: up == 0, for: 30m}]}]");
        minutes(2);
        assertThat(rule(0).alerts().get(0).activeAt()).isAfter(down);
    }

    private void forState(Instant last, Instant since, String aliveAs) {
        Labels labels = Labels.of("__name__", "ALERTS_FOR_STATE", "alertname", "Down", "job", "a");
        String selector = "ALERTS_FOR_STATE{alertname=\"Down\"}";
        source.answer(
                selector + "[3600000ms]",
                new QueryValue.Matrix(List.of(
                        new Series(labels, new long[] {last.toEpochMilli()}, new double[] {since.getEpochSecond()}))));
        if (aliveAs.equals("for_state")) {
            source.answer(selector, labels, since.getEpochSecond());
        }
    }

    @Test
    void missedEvaluationsAreCounted() throws IOException {
        load("groups: [{name: g, rules: [{record: r, expr: up}]}]");
        GroupRunner runner = new GroupRunner(
                new RuleGroup("f", "g", null, null, 0, List.of()),
                new RuleEnvironment(
                        RuleQueries.unchecked(source), source, s -> {}, a -> {}, settings, new RuleEvents() {
                            @Override
                            public void iterationsMissed(String group, long count) {
                                events.add("missed " + count);
                            }
                        }),
                false);
        List<java.util.function.Consumer<Instant>> ticks = new ArrayList<>();
        runner.start(
                new io.emberwatch.model.time.Scheduler() {
                    @Override
                    public Task every(
                            String name, Duration period, Duration offset, java.util.function.Consumer<Instant> tick) {
                        ticks.add(tick);
                        return () -> {};
                    }

                    @Override
                    public Task once(String name, Duration delay, Runnable action) {
                        return () -> {};
                    }
                },
                null);
        ticks.get(0).accept(Instant.ofEpochSecond(60));
        ticks.get(0).accept(Instant.ofEpochSecond(120));
        ticks.get(0).accept(Instant.ofEpochSecond(300));
        assertThat(events).containsExactly("missed 2");
    }
}
