package io.emberwatch.rules.query;

import java.time.Duration;

/**
 * What a {@link QueryEngine} allows and assumes.
 *
 * @param lookback how old the newest sample of a series may be to count as its value; positive
 * @param subqueryStep the step of {@code [5m:]}, the global evaluation interval of Prometheus; positive
 * @param maxSamples samples that one query may hold in memory at once
 * @param maxPoints evaluation times of one range query
 * @param timeout how long one query may run
 * @param delayedNameRemoval whether {@code __name__} is removed from results at the end of a query instead of at each
 *     operation (the feature flag {@code promql-delayed-name-removal})
 * @param experimental whether functions and modifiers that Prometheus guards by a feature flag are evaluated where
 *     Emberwatch knows them, rather than refused by name
 */
public record EngineOptions(
        Duration lookback,
        Duration subqueryStep,
        int maxSamples,
        int maxPoints,
        Duration timeout,
        boolean delayedNameRemoval,
        boolean experimental) {
    private static final EngineOptions DEFAULTS = new EngineOptions(
            Duration.ofMinutes(5), Duration.ofMinutes(1), 50_000_000, 11_000, Duration.ofMinutes(2), false, false);

    public EngineOptions {
        requirePositive(lookback, "lookback");
        requirePositive(subqueryStep, "subqueryStep");
        requirePositive(timeout, "timeout");
        if (maxSamples <= 0 || maxPoints <= 0) {
            throw new IllegalArgumentException("maxSamples and maxPoints must be positive");
        }
    }

    /** The defaults of a Prometheus server. */
    public static EngineOptions defaults() {
        return DEFAULTS;
    }

    public EngineOptions withLookback(Duration value) {
        return new EngineOptions(value, subqueryStep, maxSamples, maxPoints, timeout, delayedNameRemoval, experimental);
    }

    public EngineOptions withSubqueryStep(Duration value) {
        return new EngineOptions(lookback, value, maxSamples, maxPoints, timeout, delayedNameRemoval, experimental);
    }

    public EngineOptions withMaxSamples(int value) {
        return new EngineOptions(lookback, subqueryStep, value, maxPoints, timeout, delayedNameRemoval, experimental);
    }

    public EngineOptions withMaxPoints(int value) {
        return new EngineOptions(lookback, subqueryStep, maxSamples, value, timeout, delayedNameRemoval, experimental);
    }

    public EngineOptions withTimeout(Duration value) {
        return new EngineOptions(
                lookback, subqueryStep, maxSamples, maxPoints, value, delayedNameRemoval, experimental);
    }

    public EngineOptions withDelayedNameRemoval(boolean value) {
        return new EngineOptions(lookback, subqueryStep, maxSamples, maxPoints, timeout, value, experimental);
    }

    public EngineOptions withExperimental(boolean value) {
        return new EngineOptions(lookback, subqueryStep, maxSamples, maxPoints, timeout, delayedNameRemoval, value);
    }

    private static void requirePositive(Duration value, String name) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
