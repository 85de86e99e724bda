package io.emberwatch.rules.engine;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Where rules ask: prepares their expressions, and answers what templates and the restoring of alerts ask besides. */
public interface RuleQueries extends QuerySource {
    /**
     * Checks an expression and prepares it.
     *
     * @throws QueryException of kind BAD_DATA when it is not PromQL, or asks for what cannot be evaluated
     */
    RuleQuery prepare(String expression) throws QueryException;

    /** Prepares by asking {@code source} anew each time, without any check before. */
    static RuleQueries unchecked(QuerySource source) {
        return new RuleQueries() {
            @Override
            public RuleQuery prepare(String expression) {
                return new RuleQuery() {
                    @Override
                    public String text() {
                        return expression;
                    }

                    @Override
                    public QueryResult at(Instant time) throws QueryException {
                        return source.instant(expression, time);
                    }
                };
            }

            @Override
            public QueryResult instant(String expression, Instant at) throws QueryException {
                return source.instant(expression, at);
            }

            @Override
            public QueryResult range(String expression, Instant start, Instant end, Duration step)
                    throws QueryException {
                return source.range(expression, start, end, step);
            }
        };
    }

    /**
     * The samples of a result; a scalar is one sample without labels.
     *
     * @throws QueryException when the result is neither
     */
    static List<Sample> samples(QueryResult result) throws QueryException {
        if (result.value() instanceof QueryValue.Vector vector) {
            return vector.samples();
        }
        if (result.value() instanceof QueryValue.Scalar scalar) {
            return List.of(new Sample(Labels.EMPTY, scalar.timestampMillis(), scalar.value()));
        }
        throw new QueryException(QueryException.Kind.EXECUTION, "rule result is not a vector or scalar");
    }
}
