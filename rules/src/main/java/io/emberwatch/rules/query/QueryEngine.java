package io.emberwatch.rules.query;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import java.time.Duration;
import java.time.Instant;

/**
 * Evaluates PromQL over a {@link SeriesSource}. Safe for several threads.
 *
 * <p>Semantics are those of Prometheus 3.14, stable features, float samples. Warnings and infos of a result come in one
 * list; their texts start with {@code PromQL warning: } and {@code PromQL info: }.
 */
public final class QueryEngine implements QuerySource {
    private final SeriesSource source;
    private final SampleBudget budget;
    private volatile EngineOptions options;

    public QueryEngine(SeriesSource source, EngineOptions options) {
        this(source, options, SampleBudget.unlimited());
    }

    /** @param budget what all queries of this engine may hold in memory together */
    public QueryEngine(SeriesSource source, EngineOptions options, SampleBudget budget) {
        this.source = source;
        this.options = options;
        this.budget = budget;
    }

    /** What its queries hold together. */
    public SampleBudget budget() {
        return budget;
    }

    /** Sets the step of subqueries that name none, for the queries prepared from now on. */
    public void stepSubqueriesBy(Duration step) {
        options = options.withSubqueryStep(step);
    }

    public EngineOptions options() {
        return options;
    }

    /**
     * Parses and plans an expression once, for evaluation many times.
     *
     * @throws QueryException of kind BAD_DATA with the parser's message
     */
    public PreparedQuery prepare(String expression) throws QueryException {
        try {
            EngineOptions current = options;
            Expr expr = Promql.parse(expression, current.experimental());
            return new PreparedQuery(source, budget, current, expression, expr);
        } catch (SyntaxException e) {
            throw new QueryException(QueryException.Kind.BAD_DATA, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Plans an expression that was parsed before. Positions in annotations refer to its canonical text.
     *
     * @throws QueryException of kind BAD_DATA when it uses what the engine does not support
     */
    public PreparedQuery prepare(Expr expr) throws QueryException {
        return prepare(expr.toString());
    }

    @Override
    public QueryResult instant(String expression, Instant at) throws QueryException {
        return prepare(expression).instant(at, QueryLimits.NONE);
    }

    @Override
    public QueryResult range(String expression, Instant start, Instant end, Duration step) throws QueryException {
        return prepare(expression).range(start, end, step, QueryLimits.NONE);
    }
}
