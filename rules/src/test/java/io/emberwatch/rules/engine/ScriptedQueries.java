package io.emberwatch.rules.engine;

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

/** Answers as it was told to, and remembers when it was asked. */
final class ScriptedQueries implements QuerySource {
    private final Map<String, List<Sample>> answers = new HashMap<>();
    private final Map<String, QueryValue> values = new HashMap<>();
    private final Map<String, String> errors = new HashMap<>();
    final List<Instant> asked = new ArrayList<>();

    /** Answers an expression with one sample per pair of labels and value. */
    void answer(String expression, Object... labelsAndValues) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < labelsAndValues.length; i += 2) {
            samples.add(new Sample((Labels) labelsAndValues[i], 0, ((Number) labelsAndValues[i + 1]).doubleValue()));
        }
        errors.remove(expression);
        answers.put(expression, samples);
    }

    void answer(String expression, QueryValue value) {
        values.put(expression, value);
    }

    void fail(String expression, String message) {
        errors.put(expression, message);
    }

    @Override
    public QueryResult instant(String expression, Instant at) throws QueryException {
        asked.add(at);
        String error = errors.get(expression);
        if (error != null) {
            throw new QueryException(QueryException.Kind.EXECUTION, error);
        }
        QueryValue value = values.get(expression);
        return QueryResult.of(
                value != null ? value : new QueryValue.Vector(answers.getOrDefault(expression, List.of())));
    }

    @Override
    public QueryResult range(String expression, Instant start, Instant end, Duration step) {
        return QueryResult.of(values.getOrDefault(expression + " range", new QueryValue.Matrix(List.of())));
    }
}
