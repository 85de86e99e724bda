package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A query source that knows its answers by heart; what it does not know it answers with nothing. */
final class Answers implements QuerySource {
    private final Map<String, List<Sample>> vectors = new HashMap<>();
    private final Map<String, QueryValue> others = new HashMap<>();
    private final Map<String, String> failing = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private Past past = new Past(second -> Double.NaN);
    private boolean down;

    /** Adds a series of cluster c to the answer. */
    Answers member(String query, String instance, double value) {
        return series(query, value, "cluster", "c", "instance", instance);
    }

    Answers series(String query, double value, String... labels) {
        vectors.computeIfAbsent(query, name -> new ArrayList<>()).add(new Sample(Labels.of(labels), 0, value));
        return this;
    }

    Answers value(String query, QueryValue value) {
        others.put(query, value);
        return this;
    }

    Answers failing(String query, String message) {
        failing.put(query, message);
        return this;
    }

    Answers nothing(String query) {
        vectors.remove(query);
        return this;
    }

    /** What every question about a range is answered from. */
    Answers past(Past of) {
        past = of;
        return this;
    }

    Answers down(boolean isDown) {
        down = isDown;
        return this;
    }

    List<String> asked() {
        return asked;
    }

    @Override
    public QueryResult instant(String expression, Instant at) throws QueryException {
        asked.add(expression);
        if (down) {
            throw new QueryException(QueryException.Kind.UNAVAILABLE, "connection refused");
        }
        String failure = failing.get(expression);
        if (failure != null) {
            throw new QueryException(QueryException.Kind.EXECUTION, failure);
        }
        QueryValue other = others.get(expression);
        return QueryResult.of(
                other != null ? other : new QueryValue.Vector(vectors.getOrDefault(expression, List.of())));
    }

    @Override
    public QueryResult range(String expression, Instant start, Instant end, Duration step) throws QueryException {
        return past.range(expression, start, end, step);
    }
}
