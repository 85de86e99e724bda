package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A query source of one member of one cluster whose answers are functions of the time; what it does not know is nothing. */
final class Timeline implements QuerySource {
    private final Map<String, ToDoubleFunction<Instant>> values;

    Timeline(Map<String, ToDoubleFunction<Instant>> values) {
        this.values = Map.copyOf(values);
    }

    @Override
    public QueryResult instant(String expression, Instant at) throws QueryException {
        ToDoubleFunction<Instant> value = values.get(expression);
        return QueryResult.of(new QueryValue.Vector(
                value == null
                        ? List.of()
                        : List.of(new Sample(
                                Labels.of("cluster", "c", "instance", "m0"),
                                at.toEpochMilli(),
                                value.applyAsDouble(at)))));
    }

    @Override
    public QueryResult range(String expression, Instant start, Instant end, Duration step) {
        return QueryResult.of(new QueryValue.Matrix(List.of()));
    }
}
