package io.emberwatch.rules.engine;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.rules.query.PreparedQuery;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.QueryLimits;
import java.time.Duration;
import java.time.Instant;

/** Rules on the embedded engine: each expression is parsed and planned once. */
public final class EngineQueries implements RuleQueries {
    private final QueryEngine engine;

    public EngineQueries(QueryEngine engine) {
        this.engine = engine;
    }

    @Override
    public RuleQuery prepare(String expression) throws QueryException {
        PreparedQuery prepared = engine.prepare(expression);
        String text = prepared.expr().toString();
        return new RuleQuery() {
            @Override
            public String text() {
                return text;
            }

            @Override
            public QueryResult at(Instant time) throws QueryException {
                return prepared.instant(time, QueryLimits.NONE);
            }
        };
    }

    @Override
    public QueryResult instant(String expression, Instant at) throws QueryException {
        return engine.instant(expression, at);
    }

    @Override
    public QueryResult range(String expression, Instant start, Instant end, Duration step) throws QueryException {
        return engine.range(expression, start, end, step);
    }
}
