package io.emberwatch.rules.ruletest;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.engine.ActiveAlert;
import io.emberwatch.rules.engine.AlertState;
import io.emberwatch.rules.engine.EngineQueries;
import io.emberwatch.rules.engine.GroupStatus;
import io.emberwatch.rules.engine.Rule;
import io.emberwatch.rules.engine.RuleEnvironment;
import io.emberwatch.rules.engine.RuleEvaluation;
import io.emberwatch.rules.engine.RuleEvents;
import io.emberwatch.rules.engine.RuleFileException;
import io.emberwatch.rules.engine.RuleFileLoader;
import io.emberwatch.rules.engine.RuleGroup;
import io.emberwatch.rules.engine.RuleQueries;
import io.emberwatch.rules.engine.RuleReplay;
import io.emberwatch.rules.engine.RuleSettings;
import io.emberwatch.rules.engine.RuleStatus;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.SeriesNotation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Runs one entry of {@code tests}. */
final class GroupTest {
    private final RuleTestFile file;
    private final TestGroup test;
    private final TestStore store = new TestStore();
    private final RuleQueries queries;
    private final RuleCoverage coverage;
    private final boolean ignoresUnknownFields;
    private final List<CaseResult> results = new ArrayList<>();

    GroupTest(RuleTestFile file, TestGroup test, RuleCoverage coverage, boolean ignoresUnknownFields) {
        this.file = file;
        this.test = test;
        this.coverage = coverage;
        this.ignoresUnknownFields = ignoresUnknownFields;
        this.queries = new EngineQueries(
                new QueryEngine(store, EngineOptions.defaults().withSubqueryStep(file.evaluationInterval())));
        for (SeriesNotation.Row row : test.series()) {
            store.give(row.toSeries(test.start().toEpochMilli(), test.interval().toMillis()));
        }
    }

    /**
     * Runs it.
     *
     * @throws RuleFileException when the rules cannot be loaded
     */
    List<CaseResult> run(List<Path> ruleFiles) throws RuleFileException {
        RuleReplay replay = replay(ruleFiles);
        List<TestGroup.AlertCase> waiting = new ArrayList<>(test.alertCases());
        waiting.sort(Comparator.comparing(TestGroup.AlertCase::at));
        Instant end = test.start().plus(test.end());
        Instant at = test.start();
        for (; !at.isAfter(end); at = at.plus(file.evaluationInterval())) {
            store.loadUntil(at.toEpochMilli());
            replay.evaluate(at);
            if (rulesFailed(replay.groups(), at)) {
                return results;
            }
            Duration next = Duration.between(test.start(), at.plus(file.evaluationInterval()));
            while (!waiting.isEmpty() && waiting.get(0).at().compareTo(next) < 0) {
                alerts(waiting.remove(0), replay.groups());
            }
        }
        test.expressionCases().forEach(this::expression);
        return results;
    }

    private RuleReplay replay(List<Path> ruleFiles) throws RuleFileException {
        RuleFileLoader strict = new RuleFileLoader(queries);
        RuleFileLoader loader = ignoresUnknownFields ? strict.ignoringUnknownFields() : strict;
        List<RuleGroup> groups = new ArrayList<>();
        for (Path ruleFile : ruleFiles) {
            groups.addAll(loader.load(ruleFile).groups());
        }
        coverage.loaded(groups);
        List<String> order = file.groupOrder();
        groups.sort(Comparator.comparing(group -> Math.max(0, order.indexOf(group.name()))));
        RuleSettings settings = RuleSettings.defaults()
                .withEvaluationInterval(test.interval())
                .withExternal(test.externalLabels(), test.externalUrl());
        return new RuleReplay(
                groups, new RuleEnvironment(queries, queries, store, alerts -> {}, settings, RuleEvents.NONE));
    }

    private boolean rulesFailed(List<GroupStatus> groups, Instant at) {
        boolean failed = false;
        for (GroupStatus group : groups) {
            for (RuleStatus rule : group.rules()) {
                coverage.evaluated(group.group(), rule);
                RuleEvaluation last = rule.last();
                if (last != null && !last.error().isEmpty()) {
                    String name = "rule: " + rule.rule().name() + ", time: "
                            + Durations.format(Duration.between(test.start(), at));
                    results.add(CaseResult.failed(name, "    " + name + ", err: " + last.error()));
                    failed = true;
                }
            }
        }
        return failed;
    }

    private void alerts(TestGroup.AlertCase expected, List<GroupStatus> groups) {
        List<TestGroup.ExpectedAlert> got = new ArrayList<>();
        for (GroupStatus group : groups) {
            for (RuleStatus rule : group.rules()) {
                if (rule.rule() instanceof Rule.Alerting && rule.rule().name().equals(expected.alert())) {
                    firing(rule).forEach(got::add);
                }
            }
        }
        List<TestGroup.ExpectedAlert> wanted = new ArrayList<>(expected.expected());
        Comparator<TestGroup.ExpectedAlert> order = Comparator.comparing(TestGroup.ExpectedAlert::labels)
                .thenComparing(TestGroup.ExpectedAlert::annotations);
        got.sort(order);
        wanted.sort(order);
        String name = Alert.ALERT_NAME + ": " + expected.alert() + ", time: " + Durations.format(expected.at());
        if (wanted.equals(got)) {
            results.add(CaseResult.passed(name));
            return;
        }
        String indent = "            ";
        results.add(CaseResult.failed(
                name,
                header() + "    " + name + ", \n        exp:"
                        + TestText.indented(TestText.numbered(wanted), indent) + ", \n        got:"
                        + TestText.indented(TestText.numbered(got), indent)
                        + "\n        diff:" + TestText.difference(wanted, got, indent)));
    }

    private static List<TestGroup.ExpectedAlert> firing(RuleStatus rule) {
        List<TestGroup.ExpectedAlert> firing = new ArrayList<>();
        for (ActiveAlert alert : rule.alerts()) {
            if (alert.state() == AlertState.FIRING) {
                firing.add(new TestGroup.ExpectedAlert(alert.labels(), alert.annotations()));
            }
        }
        return firing;
    }

    private String header() {
        return test.name().isEmpty() ? "" : "    name: " + test.name() + ",\n";
    }

    private void expression(TestGroup.ExpressionCase expected) {
        String name = "expr: " + TestText.quoted(expected.expression()) + ", time: " + Durations.format(expected.at());
        if (expected.histograms()) {
            results.add(CaseResult.skipped(name, "    " + name + ": native histograms are not evaluated"));
            return;
        }
        List<TestGroup.ExpectedSample> got = new ArrayList<>();
        try {
            Instant at = test.start().plus(expected.at());
            for (Sample sample : RuleQueries.samples(queries.instant(expected.expression(), at))) {
                got.add(new TestGroup.ExpectedSample(sample.labels(), sample.value()));
            }
        } catch (QueryException e) {
            results.add(CaseResult.failed(name, header() + "    " + name + ", err: " + e.getMessage()));
            return;
        }
        List<TestGroup.ExpectedSample> wanted = new ArrayList<>(expected.expected());
        Comparator<TestGroup.ExpectedSample> order = Comparator.comparing(TestGroup.ExpectedSample::labels);
        got.sort(order);
        wanted.sort(order);
        if (same(wanted, got)) {
            results.add(CaseResult.passed(name));
            return;
        }
        results.add(CaseResult.failed(
                name,
                header() + "    " + name + ",\n        exp: " + line(wanted) + "\n        got: " + line(got)
                        + "\n        diff:" + TestText.difference(wanted, got, "            ")));
    }

    private static String line(List<TestGroup.ExpectedSample> samples) {
        return samples.isEmpty()
                ? "nil"
                : String.join(", ", samples.stream().map(Object::toString).toList());
    }

    private boolean same(List<TestGroup.ExpectedSample> wanted, List<TestGroup.ExpectedSample> got) {
        if (wanted.size() != got.size()) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            if (!wanted.get(i).labels().equals(got.get(i).labels())
                    || !same(wanted.get(i).value(), got.get(i).value())) {
                return false;
            }
        }
        return true;
    }

    // NaN equals NaN here, which promtool denies.
    private boolean same(double wanted, double got) {
        if (wanted == got || (Double.isNaN(wanted) && Double.isNaN(got))) {
            return true;
        }
        return file.fuzzyCompare() && (Math.nextUp(wanted) == got || Math.nextDown(wanted) == got);
    }
}
