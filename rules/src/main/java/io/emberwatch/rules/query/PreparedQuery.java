package io.emberwatch.rules.query;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import java.time.Duration;
import java.time.Instant;

/** An expression ready to be evaluated any number of times, by any number of threads. */
public final class PreparedQuery {
    private final SeriesSource source;
    private final EngineOptions options;
    private final Expr expr;

    PreparedQuery(SeriesSource source, EngineOptions options, Expr expr) {
        this.source = source;
        this.options = options;
        this.expr = expr;
    }

    public Expr expr() {
        return expr;
    }

    /** Evaluates at one time, whole milliseconds. */
    public QueryResult instant(Instant at, QueryLimits limits) throws QueryException {
        throw new UnsupportedOperationException(expr + " " + source + options + at + limits);
    }

    /**
     * Evaluates at {@code start}, {@code start + step} … up to and including {@code end}, whole milliseconds.
     *
     * @throws QueryException of kind BAD_DATA when the step is not positive, {@code end} is before {@code start}, or
     *     there are more points than the engine's options allow
     */
    public QueryResult range(Instant start, Instant end, Duration step, QueryLimits limits) throws QueryException {
        throw new UnsupportedOperationException(expr + " " + start + end + step + limits);
    }
}
