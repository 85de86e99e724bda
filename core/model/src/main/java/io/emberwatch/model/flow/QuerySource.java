package io.emberwatch.model.flow;

import java.time.Duration;
import java.time.Instant;

/** Whoever answers PromQL: the embedded engine or a remote Prometheus-compatible API. */
public interface QuerySource {
    /** Evaluates {@code expression} at one time. */
    QueryResult instant(String expression, Instant at) throws QueryException;

    /**
     * Evaluates {@code expression} at {@code start}, {@code start + step} … up to and including {@code end}.
     *
     * @param step positive
     */
    QueryResult range(String expression, Instant start, Instant end, Duration step) throws QueryException;
}
