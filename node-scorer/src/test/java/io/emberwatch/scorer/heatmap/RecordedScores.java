package io.emberwatch.scorer.heatmap;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** A source of scores of cluster prod that are a function of the time; a value covers the five minutes before it. */
final class RecordedScores implements QuerySource {
    private final ToDoubleFunction<Instant> scores;
    private final List<String> clusters;
    private final List<Instant> leaderChanges = new ArrayList<>();
    private final Map<Instant, String> named = new TreeMap<>();
    private boolean knowsEvents = true;

    RecordedScores(ToDoubleFunction<Instant> scores, String... clusters) {
        this.scores = scores;
        this.clusters = clusters.length == 0 ? List.of("prod") : List.of(clusters);
    }

    RecordedScores leaderChanged(String at) {
        leaderChanges.add(Instant.parse(at));
        return this;
    }

    RecordedScores happened(String at, String event) {
        named.put(Instant.parse(at), event);
        return this;
    }

    RecordedScores withoutEvents() {
        knowsEvents = false;
        return this;
    }

    @Override
    public QueryResult instant(String expression, Instant at) {
        return QueryResult.of(new QueryValue.Vector(clusters.stream()
                .map(cluster -> new Sample(Labels.of("cluster", cluster), at.toEpochMilli(), 1))
                .toList()));
    }

    @Override
    public QueryResult range(String expression, Instant start, Instant end, Duration step) throws QueryException {
        if (!expression.contains("_score") && !knowsEvents) {
            throw new QueryException(QueryException.Kind.EXECUTION, "no such thing");
        }
        if (expression.contains("emberwatch_event")) {
            return QueryResult.of(new QueryValue.Matrix(named.entrySet().stream()
                    .filter(event ->
                            event.getKey().isAfter(start) && event.getKey().isBefore(end))
                    .map(event -> new Series(
                            Labels.of("event", event.getValue()),
                            new long[] {event.getKey().toEpochMilli()},
                            new double[] {1}))
                    .toList()));
        }
        List<Long> times = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (Instant at = start; !at.isAfter(end); at = at.plus(step)) {
            double value = value(expression, at.minus(step), at);
            if (!Double.isNaN(value)) {
                times.add(at.toEpochMilli());
                values.add(value);
            }
        }
        Series series = new Series(
                Labels.EMPTY,
                times.stream().mapToLong(Long::longValue).toArray(),
                values.stream().mapToDouble(Double::doubleValue).toArray());
        return QueryResult.of(new QueryValue.Matrix(times.isEmpty() ? List.of() : List.of(series)));
    }

    private double value(String expression, Instant from, Instant to) {
        if (expression.contains("_score")) {
            return scores.applyAsDouble(from);
        }
        boolean changed = leaderChanges.stream().anyMatch(at -> !at.isBefore(from) && at.isBefore(to));
        return expression.contains("leader_changes") && changed ? 1 : Double.NaN;
    }
}
