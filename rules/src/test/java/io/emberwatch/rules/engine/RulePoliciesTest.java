package io.emberwatch.rules.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.engine.AlertPolicy.NoData;
import io.emberwatch.rules.engine.GroupPolicy.OnFailure;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.SeriesNotation;
import io.emberwatch.rules.query.SeriesSource;
import io.emberwatch.rules.query.SyntaxException;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RulePoliciesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock(START);
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final List<Series> series = new ArrayList<>();
    private final List<Sample> written = new ArrayList<>();
    private final List<Alert> sent = new ArrayList<>();
    private final Map<String, Integer> events = new TreeMap<>();
    private int failures;

    private RuleSet load(String rules, RulePolicies policies, String... lines) throws IOException, SyntaxException {
        for (String line : lines) {
            series.add(SeriesNotation.parse(line).toSeries(START.toEpochMilli(), 60_000));
        }
        SeriesSource source = (List<Matcher> matchers, long from, long to) -> {
            if (failures > 0
                    && matchers.stream().anyMatch(matcher -> matcher.value().equals("flaky"))) {
                failures--;
                throw new QueryException(QueryException.Kind.UNAVAILABLE, "away");
            }
            return series.stream()
                    .filter(one -> matchers.stream().allMatch(matcher -> matcher.matches(one.labels())))
                    .toList();
        };
        EngineQueries queries = new EngineQueries(new QueryEngine(source, EngineOptions.defaults()));
        RuleEvents counting = new RuleEvents() {
            @Override
            public void ruleRetried(String group) {
                events.merge("retried", 1, Integer::sum);
            }

            @Override
            public void selectorsWithoutSeries(String group, int count) {
                events.put("without series", count);
            }
        };
        RuleSettings settings = RuleSettings.defaults().withPolicies(policies);
        RuleSet set = new RuleSet(
                new RuleEnvironment(queries, queries, written::addAll, sent::addAll, settings, counting), scheduler);
        Files.writeString(folder.resolve("r.yml"), rules);
        assertThat(set.reload(List.of(folder.resolve("r.yml")), settings, clock.instant())
                        .faults())
                .isEmpty();
        return set;
    }

    private static RulePolicies alerts(NoData noData, boolean valueAtResolution) {
        return new RulePolicies(
                List.of(
                        new AlertPolicy(".*", "Other", NoData.RESOLVE, MINUTE, false),
                        new AlertPolicy("g", "D.*", noData, Duration.ofMinutes(20), valueAtResolution)),
                List.of());
    }

    private void minutes(int count) {
        scheduler.advance(MINUTE.multipliedBy(count));
    }

    private static List<String> states(RuleSet set) {
        return set.groups().get(0).rules().get(0).alerts().stream()
                .map(alert -> alert.labels().without("alertname") + " "
                        + alert.state().text())
                .sorted()
                .toList();
    }

    private static final String DOWN = """
            groups: [{name: g, rules: [{alert: Down, expr: 'up == 0', annotations: {text: 'is {{ $value }}'}}]}]
            """;

    @Test
    void alertWithoutDataIsResolvedUnlessAPolicySaysOtherwise() throws Exception {
        RuleSet set = load(DOWN, RulePolicies.NONE, "up{job=\"a\"} 0x9 stale", "up{job=\"b\"} 0x9 1x60");
        minutes(8);
        assertThat(states(set)).containsExactly("{job=\"a\"} firing", "{job=\"b\"} firing");
        minutes(5);
        assertThat(states(set)).isEmpty();
    }

    @Test
    void keepsAnAlertWhoseDataIsMissingUntilTheLimit() throws Exception {
        RuleSet set = load(DOWN, alerts(NoData.KEEP, false), "up{job=\"a\"} 0x9 stale", "up{job=\"b\"} 0x9 1x60");
        minutes(13);
        assertThat(states(set)).containsExactly("{job=\"a\"} firing");
        minutes(14);
        assertThat(states(set)).containsExactly("{job=\"a\"} firing");
        minutes(6);
        assertThat(states(set)).isEmpty();
    }

    @Test
    void keptAlertEndsWhenItsDataComesBackFine() throws Exception {
        RuleSet set = load(DOWN, alerts(NoData.KEEP, false), "up{job=\"a\"} 0x9 stale _x3 1x60");
        minutes(12);
        assertThat(states(set)).containsExactly("{job=\"a\"} firing");
        minutes(4);
        assertThat(states(set)).isEmpty();
    }

    @Test
    void raisesAnAlertOfItsOwnWhenThereIsNoDataAtAll() throws Exception {
        RuleSet set = load(DOWN, alerts(NoData.FIRE, false), "up{job=\"a\"} 1x9 stale");
        minutes(8);
        assertThat(states(set)).isEmpty();
        minutes(4);
        assertThat(states(set)).containsExactly("{no_data=\"true\"} firing");
    }

    @Test
    void resolvedAlertShowsTheValueItHasThen() throws Exception {
        String rules = "groups: [{name: g, rules: [{alert: Disk, expr: 'used > 90 and on () vector(1)', "
                + "annotations: {text: 'used {{ $value }}%'}}]}]";
        load(rules, alerts(NoData.RESOLVE, true), "used{disk=\"a\"} 95x5 40x60");
        minutes(8);
        Alert resolved = sent.get(sent.size() - 1);
        assertThat(resolved.annotations().get("text")).isEqualTo("used 40%");
        assertThat(resolved.endsAt()).isBeforeOrEqualTo(clock.instant());
        assertThat(sent.get(0).annotations().get("text")).isEqualTo("used 95%");
    }

    private static final String CHAIN = """
            groups: [{name: g, rules: [{record: one, expr: flaky}, {record: two, expr: steady}]}]
            """;

    private static RulePolicies groups(OnFailure onFailure, int retries) {
        return new RulePolicies(List.of(), List.of(new GroupPolicy("g", onFailure, retries, Duration.ofSeconds(2))));
    }

    @Test
    void failureLeavesTheRestOfAGroupAloneByDefault() throws Exception {
        load(CHAIN, RulePolicies.NONE, "flaky 1x60", "steady 1x60");
        failures = 1;
        minutes(1);
        assertThat(written).extracting(sample -> sample.labels().metricName()).containsExactly("two");
    }

    @Test
    void failureStopsAGroupIfAPolicySaysSo() throws Exception {
        RuleSet set = load(CHAIN, groups(OnFailure.STOP, 0), "flaky 1x60", "steady 1x60");
        failures = 1;
        minutes(1);
        assertThat(written).isEmpty();
        assertThat(set.groups().get(0).rules().get(1).recent().get(0).error())
                .isEqualTo("not evaluated: one gave no result");
        minutes(1);
        assertThat(written).extracting(sample -> sample.labels().metricName()).containsExactly("one", "two");
    }

    @Test
    void repeatsForTheSameTimeWhatMayPass() throws Exception {
        load(CHAIN, groups(OnFailure.STOP, 3), "flaky 1x60", "steady 1x60");
        failures = 3;
        minutes(2);
        assertThat(events).containsEntry("retried", 3);
        assertThat(written)
                .extracting(sample -> sample.labels().metricName())
                .startsWith("one", "two")
                .hasSizeGreaterThanOrEqualTo(2);
        assertThat(written.get(0).timestampMillis()).isEqualTo(written.get(1).timestampMillis());
        failures = 1000;
        minutes(2);
        assertThat(events.get("retried")).isBetween(6, 9);
    }

    @Test
    void countsSelectorsThatFindNoSeries() throws Exception {
        String rules =
                "groups: [{name: g, rules: [{alert: A, expr: 'upp == 0 or absent(uppp)'}, {record: r, expr: up}]}]";
        RuleSet set = load(rules, RulePolicies.NONE, "up 1x60");
        minutes(1);
        assertThat(events).containsEntry("without series", 1);
        assertThat(set.groups().get(0).rules().get(0).withoutSeries()).containsExactly("upp");
        assertThat(set.groups().get(0).rules().get(1).withoutSeries()).isEmpty();
    }

    @Test
    void knowsWhatAnExpressionIsComputedFrom() throws Exception {
        series.add(SeriesNotation.parse("a{job=\"x\",zone=\"1\"} 1x60").toSeries(START.toEpochMilli(), 60_000));
        QueryEngine engine = new QueryEngine(
                (matchers, from, to) -> series.stream()
                        .filter(one -> matchers.stream().allMatch(matcher -> matcher.matches(one.labels())))
                        .toList(),
                EngineOptions.defaults());
        Instant at = START.plus(Duration.ofMinutes(30));
        Labels here = SeriesNotation.parseLabels("{job=\"x\",team=\"t\"}");
        Labels elsewhere = SeriesNotation.parseLabels("{job=\"y\"}");
        for (String there : List.of(
                "a > 1",
                "sum by (job) (rate(a[5m])) > 1",
                "max_over_time(sum by (job) (a)[10m:1m]) > 1",
                "a or b",
                "a unless b",
                "a and absent(b)")) {
            assertThat(new DataPresence(there).at(at, engine).isMissingFor(here))
                    .as(there)
                    .isFalse();
            assertThat(new DataPresence(there).at(at, engine).isMissingFor(elsewhere))
                    .as(there)
                    .isTrue();
        }
        for (String missing : List.of("b", "a and b", "a / b", "rate(b[5m])", "b or b", "b unless a")) {
            assertThat(new DataPresence(missing).at(at, engine).isMissingFor(here))
                    .as(missing)
                    .isTrue();
        }
        assertThat(new DataPresence("absent(b)").at(at, engine).isMissingFor(here))
                .isFalse();
    }

    @Test
    void refusesPoliciesThatCannotBe() {
        assertThatThrownBy(() -> new AlertPolicy("(", ".*", NoData.KEEP, MINUTE, false))
                .hasMessageStartingWith("group: ");
        assertThatThrownBy(() -> new GroupPolicy(".*", OnFailure.STOP, -1, MINUTE))
                .hasMessage("retries: expected 0 to 100");
    }
}
