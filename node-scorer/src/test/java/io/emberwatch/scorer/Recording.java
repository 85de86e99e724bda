package io.emberwatch.scorer;

import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers instant queries on a grid of times from one range query each, which Prometheus evaluates at the same times to
 * the same values.
 */
final class Recording implements QuerySource {
    private final QuerySource source;
    private final Instant start;
    private final Instant end;
    private final Duration step;
    private final Map<String, String> definitions;
    private final Map<String, List<Series>> ranges = new HashMap<>();

    /** @param definitions what stands in place of a recorded name that the source does not hold */
    Recording(QuerySource source, Instant start, Instant end, Duration step, Map<String, String> definitions) {
        this.source = source;
        this.start = start;
        this.end = end;
        this.step = step;
        this.definitions = definitions;
    }

    @Override
    public QueryResult instant(String expression, Instant at) throws QueryException {
        List<Series> series = ranges.get(expression);
        if (series == null) {
            String asked = expression;
            for (Map.Entry<String, String> definition : definitions.entrySet()) {
                asked = asked.replace(definition.getKey(), "(" + definition.getValue() + ")");
            }
            QueryValue value = range(asked, start, end, step).value();
            if (!(value instanceof QueryValue.Matrix matrix)) {
                throw new QueryException(QueryException.Kind.BAD_DATA, expression + " is a " + value.type());
            }
            series = matrix.series();
            ranges.put(expression, series);
        }
        List<Sample> samples = new ArrayList<>();
        for (Series one : series) {
            int index = Arrays.binarySearch(one.timestampsMillis(), at.toEpochMilli());
            if (index >= 0) {
                samples.add(new Sample(one.labels(), at.toEpochMilli(), one.values()[index]));
            }
        }
        return QueryResult.of(new QueryValue.Vector(samples));
    }

    @Override
    public QueryResult range(String expression, Instant from, Instant to, Duration every) throws QueryException {
        return source.range(expression, from, to, every);
    }
}
