package io.emberwatch.rules.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Sample;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuleBatchesTest {
    private static final EngineQueries QUERIES =
            new EngineQueries(new QueryEngine((matchers, from, to) -> List.of(), EngineOptions.defaults()));

    @TempDir
    private Path folder;

    private static List<List<Integer>> batches(String... rules) throws RuleFileException {
        String text = List.of(rules).stream()
                .map(rule -> "      - " + rule + "\n")
                .collect(Collectors.joining("", "groups:\n  - name: g\n    rules:\n", ""));
        return RuleBatches.of(
                new RuleFileLoader(QUERIES).parse("r", text).groups().get(0).rules());
    }

    @Test
    void whatReadsNothingOfTheOthersGoesTogether() throws RuleFileException {
        assertThat(batches(
                        "{record: a, expr: x}",
                        "{record: b, expr: y}",
                        "{alert: A, expr: x > 0}",
                        "{alert: B, expr: y > 0}"))
                .containsExactly(List.of(0, 1, 2, 3));
    }

    @Test
    void whatReadsAnotherComesAfterIt() throws RuleFileException {
        assertThat(batches(
                        "{record: a, expr: x}",
                        "{record: b, expr: a + 1}",
                        "{record: c, expr: b + y}",
                        "{record: d, expr: y}"))
                .containsExactly(List.of(0, 3), List.of(1), List.of(2));
    }

    @Test
    void whatIsReadBeforeItIsWrittenStaysBefore() throws RuleFileException {
        assertThat(batches("{record: b, expr: a + 1}", "{record: a, expr: x}")).containsExactly(List.of(0), List.of(1));
        assertThat(batches("{record: a, expr: x}", "{record: a, expr: y, labels: {l: v}}"))
                .containsExactly(List.of(0), List.of(1));
    }

    @Test
    void whatMayReadAnythingGoesAlone() throws RuleFileException {
        assertThat(batches("{record: a, expr: x}", "{record: b, expr: '{job=\"j\"}'}", "{record: c, expr: y}"))
                .containsExactly(List.of(0), List.of(1), List.of(2));
        assertThat(batches("{record: a, expr: x}", "{alert: A, expr: y, annotations: {t: '{{ query \"a\" }}'}}"))
                .containsExactly(List.of(0), List.of(1));
        assertThat(batches("{alert: A, expr: y}", "{record: a, expr: ALERTS}", "{record: c, expr: y}"))
                .containsExactly(List.of(0), List.of(1), List.of(2));
    }

    @Test
    void evaluatesTheSameAtTheSameTime() throws Exception {
        String rules = IntStream.range(0, 200)
                .mapToObj(i -> "      - {record: 'r" + i + "', expr: 'vector(" + i + ")'}\n")
                .collect(Collectors.joining("", "groups:\n  - name: g\n    rules:\n", ""));
        Path file = Files.writeString(folder.resolve("r.yml"), rules);
        ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
        ManualScheduler scheduler = new ManualScheduler(clock);
        Queue<Sample> written = new ConcurrentLinkedQueue<>();
        RuleSettings settings = RuleSettings.defaults().withConcurrency(4);
        RuleEnvironment environment =
                new RuleEnvironment(QUERIES, QUERIES, written::addAll, alerts -> {}, settings, RuleEvents.NONE);
        try (RuleSet set = new RuleSet(environment, scheduler)) {
            set.reload(List.of(file), settings, clock.instant());
            scheduler.advance(Duration.ofMinutes(1));
            assertThat(written)
                    .hasSize(200)
                    .allMatch(sample -> sample.labels().metricName().equals("r" + (int) sample.value()));
            assertThat(set.groups().get(0).rules()).allMatch(rule -> rule.health() == RuleHealth.GOOD);
        }
    }
}
