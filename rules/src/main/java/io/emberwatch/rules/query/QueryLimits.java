package io.emberwatch.rules.query;

import java.time.Duration;
import java.util.Objects;

/**
 * What holds for one query in place of the engine's options.
 *
 * @param timeout how long it may run; the engine's own timeout is never exceeded
 * @param lookback how old the newest sample of a series may be; zero stands for the engine's
 * @param cancellation asked while it runs
 */
public record QueryLimits(Duration timeout, Duration lookback, Cancellation cancellation) {
    /** Nothing but the engine's options. */
    public static final QueryLimits NONE = new QueryLimits(Duration.ofDays(365), Duration.ZERO, Cancellation.NEVER);

    public QueryLimits {
        if (timeout.isNegative() || lookback.isNegative()) {
            throw new IllegalArgumentException("timeout and lookback must not be negative");
        }
        Objects.requireNonNull(cancellation, "cancellation");
    }

    public QueryLimits withTimeout(Duration value) {
        return new QueryLimits(value, lookback, cancellation);
    }

    public QueryLimits withLookback(Duration value) {
        return new QueryLimits(timeout, value, cancellation);
    }

    public QueryLimits withCancellation(Cancellation value) {
        return new QueryLimits(timeout, lookback, value);
    }
}
