package io.emberwatch.rules.ruletest;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
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
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.SeriesSource;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

    private record Key(String file, String group, String alert) {}

    /** An alert that is pending or fires at the evaluation looked at last. */
    private static final class Open {
        final AlertState state;
        final Instant begin;
        Instant last;
        double highest;

        Open(AlertState state, Instant at, double value) {
            this.state = state;
            this.begin = at;
            this.last = at;
            this.highest = value;
        }
    }

    private final Period period;
    private final Map<Key, Map<Labels, List<BacktestResult.Episode>>> episodes = new LinkedHashMap<>();
    private final Map<Key, Map<Labels, Open>> open = new LinkedHashMap<>();
    private final Map<String, BacktestResult.Failure> failures = new TreeMap<>();

    private Backtest(Period period) {
        this.period = period;
    }

    /** Evaluates rule files over a history and prints the alerts; {@link #OK}, {@link #FAILED} or {@link #UNUSABLE}. */
    public static int run(List<Path> ruleFiles, SeriesSource history, Period period, PrintStream out) {
        try {
            BacktestResult result = evaluate(ruleFiles, history, period);
            out.print(BacktestFormat.TABLE.write(result));
            return result.failures().isEmpty() ? OK : FAILED;
        } catch (RuleFileException e) {
            e.faults().forEach(out::println);
            return UNUSABLE;
        } catch (QueryException e) {
            out.println("the history cannot be read: " + e.getMessage());
            return FAILED;
        }
    }

    /**
     * Evaluates rule files over a history.
     *
     * @throws RuleFileException when a file cannot be used
     * @throws QueryException when the history cannot be read at all; a rule that fails alone is part of the result
     */
    public static BacktestResult evaluate(List<Path> ruleFiles, SeriesSource history, Period period)
            throws RuleFileException, QueryException {
        return new Backtest(period).evaluate(ruleFiles, history);
    }

    private BacktestResult evaluate(List<Path> ruleFiles, SeriesSource history)
            throws RuleFileException, QueryException {
        TestStore recorded = new TestStore();
        Set<String> replaced = new HashSet<>(Set.of("ALERTS", "ALERTS_FOR_STATE"));
        Watched watched = new Watched(history);
        SeriesSource both = new Overlay(watched, recorded, replaced);
        RuleQueries queries =
                new EngineQueries(new QueryEngine(both, EngineOptions.defaults().withSubqueryStep(period.interval())));
        List<RuleGroup> groups = new ArrayList<>();
        for (Path file : ruleFiles) {
            groups.addAll(new RuleFileLoader(queries).load(file).groups());
        }
        groups.forEach(group -> group.rules().forEach(rule -> {
            if (rule instanceof Rule.Recording) {
                replaced.add(rule.name());
            } else {
                episodes.put(new Key(group.file(), group.name(), rule.name()), new TreeMap<>());
            }
        }));
        RuleSettings settings = RuleSettings.defaults().withEvaluationInterval(period.interval());
        RuleReplay replay = new RuleReplay(
                groups, new RuleEnvironment(queries, queries, recorded, alerts -> {}, settings, RuleEvents.NONE));
        int evaluations = 0;
        for (Instant at = period.from(); !at.isAfter(period.to()); at = at.plus(period.interval())) {
            replay.evaluate(at);
            watched.failIfUnreadable();
            observe(replay.groups(), at);
            evaluations++;
        }
        open.forEach((key, alerts) -> alerts.forEach((labels, alert) -> close(key, labels, alert)));
        return new BacktestResult(period, evaluations, timelines(), List.copyOf(failures.values()));
    }

    private void observe(List<GroupStatus> groups, Instant at) {
        for (GroupStatus group : groups) {
            for (RuleStatus rule : group.rules()) {
                RuleEvaluation last = rule.last();
                if (last != null && !last.error().isEmpty()) {
                    failures.putIfAbsent(
                            rule.rule().name(),
                            new BacktestResult.Failure(rule.rule().name(), at, last.error()));
                }
                Key key = new Key(
                        group.group().file(), group.group().name(), rule.rule().name());
                rule.alerts().forEach(alert -> observe(key, alert, at));
            }
        }
        open.forEach((key, alerts) -> alerts.entrySet().removeIf(entry -> {
            boolean over = entry.getValue().last.isBefore(at);
            if (over) {
                close(key, entry.getKey(), entry.getValue());
            }
            return over;
        }));
    }

    private void observe(Key key, ActiveAlert alert, Instant at) {
        Map<Labels, Open> alerts = open.computeIfAbsent(key, k -> new LinkedHashMap<>());
        Open known = alerts.get(alert.labels());
        if (known != null && known.state != alert.state()) {
            close(key, alert.labels(), known);
            known = null;
        }
        if (known == null) {
            alerts.put(alert.labels(), new Open(alert.state(), at, alert.value()));
        } else {
            known.last = at;
            known.highest = Math.max(known.highest, alert.value());
        }
    }

    private void close(Key key, Labels labels, Open alert) {
        episodes.computeIfAbsent(key, k -> new TreeMap<>())
                .computeIfAbsent(labels, k -> new ArrayList<>())
                .add(new BacktestResult.Episode(
                        labels, alert.state, alert.begin, alert.last.plus(period.interval()), alert.highest));
    }

    private List<BacktestResult.Timeline> timelines() {
        List<BacktestResult.Timeline> all = new ArrayList<>();
        episodes.forEach((key, byLabels) -> all.add(new BacktestResult.Timeline(
                key.file(),
                key.group(),
                key.alert(),
                byLabels.values().stream().flatMap(List::stream).toList())));
        all.sort(Comparator.comparing(BacktestResult.Timeline::alert));
        return all;
    }

    /** Remembers that a history cannot be read: to go on asking would only fail again. */
    private static final class Watched implements SeriesSource {
        private final SeriesSource history;
        private @Nullable QueryException failure;

        Watched(SeriesSource history) {
            this.history = history;
        }

        void failIfUnreadable() throws QueryException {
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public List<Series> select(List<Matcher> matchers, long mintMillis, long maxtMillis) throws QueryException {
            try {
                return history.select(matchers, mintMillis, maxtMillis);
            } catch (QueryException e) {
                failure = e.kind() == QueryException.Kind.UNAVAILABLE ? e : failure;
                throw e;
            }
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
