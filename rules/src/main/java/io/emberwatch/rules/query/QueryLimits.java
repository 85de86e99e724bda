package io.emberwatch.rules.query;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What holds for one query in place of the engine's options.
 *
 * @param timeout how long it may run; the engine's own timeout is never exceeded
 * @param lookback how old the newest sample of a series may be; zero stands for the engine's
 * @param cancellation asked while it runs
 * @param share what the query takes from its engine's budget, and keeps for its result until whoever opened it closes it;
 *     null when the result need not count
 */
public record QueryLimits(
        Duration timeout, Duration lookback, Cancellation cancellation, SampleBudget.@Nullable Share share) {
    /** Nothing but the engine's options. */
    public static final QueryLimits NONE =
            new QueryLimits(Duration.ofDays(365), Duration.ZERO, Cancellation.NEVER, null);

    public QueryLimits {
        if (timeout.isNegative() || lookback.isNegative()) {
            throw new IllegalArgumentException("timeout and lookback must not be negative");
        }
        Objects.requireNonNull(cancellation, "cancellation");
    }

    public QueryLimits withTimeout(Duration value) {
        return new QueryLimits(value, lookback, cancellation, share);
    }

    public QueryLimits withLookback(Duration value) {
        return new QueryLimits(timeout, value, cancellation, share);
    }

    public QueryLimits withCancellation(Cancellation value) {
        return new QueryLimits(timeout, lookback, value, share);
    }

    public QueryLimits withShare(SampleBudget.Share value) {
        return new QueryLimits(timeout, lookback, cancellation, value);
    }
}
