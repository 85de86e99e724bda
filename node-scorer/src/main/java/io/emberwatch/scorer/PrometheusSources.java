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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several sources asked as one: each answers for what it knows, the answers are joined. For Prometheis that share the
 * clusters between them, and for pairs that hold the same ones: series that more than one knows come more than once.
 *
 * <p>A source that does not answer is passed over with a warning; only when none answers does the question fail. They
 * are asked one after the other.
 */
final class PrometheusSources implements QuerySource {
    private static final Logger logger = LoggerFactory.getLogger("scorer");

    private final List<QuerySource> sources;
    private final Set<QuerySource> silent = ConcurrentHashMap.newKeySet();

    private PrometheusSources(List<QuerySource> sources) {
        this.sources = sources;
    }

    /**
     * One source in place of several.
     *
     * @throws IllegalArgumentException when there are none
     */
    static QuerySource of(List<? extends QuerySource> sources) {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("at least one source is needed");
        }
        return sources.size() == 1 ? sources.get(0) : new PrometheusSources(List.copyOf(sources));
    }

    /** One question to one source. */
    @FunctionalInterface
    private interface Question {
        QueryResult ask(QuerySource source) throws QueryException;
    }

    @Override
    public QueryResult instant(String expression, Instant at) throws QueryException {
        return joined(source -> source.instant(expression, at));
    }

    @Override
    public QueryResult range(String expression, Instant start, Instant end, Duration step) throws QueryException {
        return joined(source -> source.range(expression, start, end, step));
    }

    private QueryResult joined(Question question) throws QueryException {
        List<QueryValue> values = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        QueryException failure = null;
        for (QuerySource source : sources) {
            try {
                QueryResult result = question.ask(source);
                values.add(result.value());
                warnings.addAll(result.warnings());
                if (silent.remove(source)) {
                    logger.atInfo().addKeyValue("source", source).log("answers again");
                }
            } catch (QueryException e) {
                failure = e;
                warnings.add(String.valueOf(e.getMessage()));
                if (e.kind().isRetryable() && silent.add(source)) {
                    logger.atWarn().addKeyValue("source", source).log("does not answer: " + e.getMessage());
                }
            }
        }
        if (values.isEmpty() && failure != null) {
            throw failure;
        }
        return new QueryResult(join(values), warnings);
    }

    // Numbers without labels cannot be told apart by source; the first stands.
    private static QueryValue join(List<QueryValue> values) {
        if (values.stream().allMatch(QueryValue.Vector.class::isInstance)) {
            List<Sample> samples = new ArrayList<>();
            values.forEach(value -> samples.addAll(((QueryValue.Vector) value).samples()));
            return new QueryValue.Vector(samples);
        }
        if (values.stream().allMatch(QueryValue.Matrix.class::isInstance)) {
            List<Series> series = new ArrayList<>();
            values.forEach(value -> series.addAll(((QueryValue.Matrix) value).series()));
            return new QueryValue.Matrix(series);
        }
        return values.get(0);
    }
}
