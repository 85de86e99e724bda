package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** A query source with one series, a function of the Unix time in seconds; NaN is no value. */
final class Past implements QuerySource {
    private final LongToDoubleFunction valueAt;
    private final List<Duration> asked = new ArrayList<>();
    private boolean down;

    Past(LongToDoubleFunction valueAt) {
        this.valueAt = valueAt;
    }

    void down(boolean isDown) {
        down = isDown;
    }

    /** The spans of the ranges that were asked for. */
    List<Duration> asked() {
        return asked;
    }

    @Override
    public QueryResult instant(String expression, Instant at) throws QueryException {
        throw new QueryException(QueryException.Kind.BAD_DATA, "only ranges are answered");
    }

    @Override
    public QueryResult range(String expression, Instant start, Instant end, Duration step) throws QueryException {
        asked.add(Duration.between(start, end));
        if (down) {
            throw new QueryException(QueryException.Kind.UNAVAILABLE, "connection refused");
        }
        return resultOf(start, end, step);
    }

    QueryResult resultOf(Instant start, Instant end, Duration step) {
        List<Long> times = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (Instant at = start; !at.isAfter(end); at = at.plus(step)) {
            double value = valueAt.applyAsDouble(at.getEpochSecond());
            if (!Double.isNaN(value)) {
                times.add(at.toEpochMilli());
                values.add(value);
            }
        }
        Series series = new Series(
                Labels.of("cluster", "c", "instance", "m0", "job", "etcd"),
                times.stream().mapToLong(Long::longValue).toArray(),
                values.stream().mapToDouble(Double::doubleValue).toArray());
        return QueryResult.of(new QueryValue.Matrix(times.isEmpty() ? List.of() : List.of(series)));
    }
}
