package io.emberwatch.rules.web;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.rules.query.Expr;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.QueryLimits;
import io.emberwatch.rules.query.SampleBudget;
import java.time.Duration;
import java.time.Instant;

/** Who answers the queries of the API. */
public interface ApiQueries {
    /** Evaluates at one time. The expression was parsed before. */
    QueryResult instant(String expression, Instant at, QueryLimits limits) throws QueryException;

    /** Evaluates at several times. */
    QueryResult range(String expression, Instant start, Instant end, Duration step, QueryLimits limits)
            throws QueryException;

    /** Parses and checks an expression. */
    Expr parse(String expression) throws QueryException;

    /** What a query takes of the memory for all of them. */
    SampleBudget.Share share();

    /** Answers from the embedded engine. */
    static ApiQueries of(QueryEngine engine) {
        return new ApiQueries() {
            @Override
            public QueryResult instant(String expression, Instant at, QueryLimits limits) throws QueryException {
                return engine.prepare(expression).instant(at, limits);
            }

            @Override
            public QueryResult range(String expression, Instant start, Instant end, Duration step, QueryLimits limits)
                    throws QueryException {
                return engine.prepare(expression).range(start, end, step, limits);
            }

            @Override
            public Expr parse(String expression) throws QueryException {
                return engine.prepare(expression).expr();
            }

            @Override
            public SampleBudget.Share share() {
                return engine.budget().open();
            }
        };
    }

    /** Answers from a remote API, which keeps its own limits; {@code local} parses. */
    static ApiQueries of(QuerySource remote, QueryEngine local) {
        return new ApiQueries() {
            @Override
            public QueryResult instant(String expression, Instant at, QueryLimits limits) throws QueryException {
                return remote.instant(expression, at);
            }

            @Override
            public QueryResult range(String expression, Instant start, Instant end, Duration step, QueryLimits limits)
                    throws QueryException {
                return remote.range(expression, start, end, step);
            }

            @Override
            public Expr parse(String expression) throws QueryException {
                return local.prepare(expression).expr();
            }

            @Override
            public SampleBudget.Share share() {
                return local.budget().open();
            }
        };
    }
}
