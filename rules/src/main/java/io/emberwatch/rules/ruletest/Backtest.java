package io.emberwatch.rules.ruletest;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
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
import io.emberwatch.rules.engine.RuleFault;
import io.emberwatch.rules.engine.RuleFileException;
import io.emberwatch.rules.engine.RuleFileLoader;
import io.emberwatch.rules.engine.RuleGroup;
import io.emberwatch.rules.engine.RuleQueries;
import io.emberwatch.rules.engine.RuleReplay;
import io.emberwatch.rules.engine.RuleSettings;
import io.emberwatch.rules.engine.RuleStatus;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.SeriesSource;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Evaluates rules over the past and tells when their alerts would have fired, {@code for} and {@code keep_firing_for}
 * included. What recording rules give is kept apart and seen by the rules after them in place of what was recorded then.
 */
public final class Backtest {
    /** The rules were evaluated. */
    public static final int OK = 0;

    /** A rule could not be evaluated. */
    public static final int FAILED = 1;

    /** A rule file cannot be used. */
    public static final int UNUSABLE = 2;

    /**
     * The past that counts.
     *
     * @param interval between evaluations, of every group
     */
    public record Period(Instant from, Instant to, Duration interval) {
        public Period {
            if (to.isBefore(from) || interval.toMillis() <= 0) {
                throw new IllegalArgumentException(
                        "the period must not end before it begins, the interval be positive");
            }
        }
    }

    /** A time during which an alert fired. */
    private static final class Firing {
        final Instant begin;
        Instant end;

        Firing(Instant begin) {
            this.begin = begin;
            this.end = begin;
        }
    }

    private final Period period;
    private final PrintStream out;
    private final Map<String, Map<Labels, List<Firing>>> firings = new TreeMap<>();
    private final Map<String, Map<Labels, Instant>> open = new LinkedHashMap<>();
    private final Map<String, String> errors = new TreeMap<>();

    private Backtest(Period period, PrintStream out) {
        this.period = period;
        this.out = out;
    }

    /** Evaluates rule files over a history and prints the alerts; {@link #OK}, {@link #FAILED} or {@link #UNUSABLE}. */
    public static int run(List<Path> ruleFiles, SeriesSource history, Period period, PrintStream out) {
        return new Backtest(period, out).run(ruleFiles, history);
    }

    private int run(List<Path> ruleFiles, SeriesSource history) {
        TestStore recorded = new TestStore();
        Set<String> replaced = new HashSet<>(Set.of("ALERTS", "ALERTS_FOR_STATE"));
        SeriesSource both = new Overlay(history, recorded, replaced);
        RuleQueries queries =
                new EngineQueries(new QueryEngine(both, EngineOptions.defaults().withSubqueryStep(period.interval())));
        List<RuleGroup> groups = new ArrayList<>();
        try {
            for (Path file : ruleFiles) {
                groups.addAll(new RuleFileLoader(queries).load(file).groups());
            }
        } catch (RuleFileException e) {
            for (RuleFault fault : e.faults()) {
                out.println(fault);
            }
            return UNUSABLE;
        }
        groups.forEach(group -> group.rules().forEach(rule -> {
            if (rule instanceof Rule.Recording) {
                replaced.add(rule.name());
            } else {
                firings.put(rule.name(), new TreeMap<>());
            }
        }));
        RuleSettings settings = RuleSettings.defaults().withEvaluationInterval(period.interval());
        RuleReplay replay = new RuleReplay(
                groups, new RuleEnvironment(queries, queries, recorded, alerts -> {}, settings, RuleEvents.NONE));
        int evaluations = 0;
        for (Instant at = period.from(); !at.isAfter(period.to()); at = at.plus(period.interval())) {
            replay.evaluate(at);
            observe(replay.groups(), at);
            evaluations++;
        }
        print(evaluations);
        return errors.isEmpty() ? OK : FAILED;
    }

    private void observe(List<GroupStatus> groups, Instant at) {
        for (GroupStatus group : groups) {
            for (RuleStatus rule : group.rules()) {
                RuleEvaluation last = rule.last();
                if (last != null && !last.error().isEmpty()) {
                    errors.putIfAbsent(rule.rule().name(), at + ": " + last.error());
                }
                for (ActiveAlert alert : rule.alerts()) {
                    if (alert.state() == AlertState.FIRING) {
                        firing(rule.rule().name(), alert.labels(), at);
                    }
                }
            }
        }
    }

    private void firing(String rule, Labels labels, Instant at) {
        List<Firing> all = firings.computeIfAbsent(rule, name -> new TreeMap<>())
                .computeIfAbsent(labels, key -> new ArrayList<>());
        Instant before =
                open.computeIfAbsent(rule, name -> new LinkedHashMap<>()).put(labels, at);
        boolean goesOn = before != null && !before.plus(period.interval()).isBefore(at);
        if (!goesOn || all.isEmpty()) {
            all.add(new Firing(at));
        }
        all.get(all.size() - 1).end = at;
    }

    private void print(int evaluations) {
        out.println(evaluations + " evaluations from " + period.from() + " to " + period.to() + ", every "
                + Durations.format(period.interval()));
        firings.forEach((rule, byLabels) -> {
            long count = byLabels.values().stream().mapToLong(List::size).sum();
            out.println();
            out.println(rule + (count == 0 ? ": never fired" : ": fired " + count + (count == 1 ? " time" : " times")));
            byLabels.forEach((labels, all) -> all.forEach(firing -> out.println("  " + firing.begin + "  for "
                    + Durations.format(
                            Duration.between(firing.begin, firing.end).plus(period.interval())) + "  "
                    + labels.without("alertname"))));
        });
        if (!errors.isEmpty()) {
            out.println();
            errors.forEach((rule, error) -> out.println(rule + " could not be evaluated at " + error));
        }
    }

    /** The history, but for the series that rules record anew. */
    private record Overlay(SeriesSource history, TestStore recorded, Set<String> replaced) implements SeriesSource {
        @Override
        public List<Series> select(List<Matcher> matchers, long mintMillis, long maxtMillis) throws QueryException {
            List<Series> all = new ArrayList<>(recorded.select(matchers, mintMillis, maxtMillis));
            for (Series series : history.select(matchers, mintMillis, maxtMillis)) {
                if (!replaced.contains(series.labels().metricName())) {
                    all.add(series);
                }
            }
            return all;
        }
    }
}
