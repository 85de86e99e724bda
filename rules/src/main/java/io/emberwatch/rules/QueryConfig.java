package io.emberwatch.rules;

import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.service.config.Default;
import java.time.Duration;

/**
 * The bounds of queries.
 *
 * @param lookback how old the newest sample of a series may be to count as its value
 * @param timeout how long one query may run
 * @param maxSamples how many samples one query may hold in memory at once
 */
public record QueryConfig(
        @Default("5m") Duration lookback,
        @Default("2m") Duration timeout,
        @Default("50000000") int maxSamples) {
    public QueryConfig {
        if (lookback.toMillis() <= 0 || timeout.toMillis() <= 0 || maxSamples <= 0) {
            throw new IllegalArgumentException("lookback, timeout and max_samples must be positive");
        }
    }

    EngineOptions options(Duration evaluationInterval) {
        return EngineOptions.defaults()
                .withLookback(lookback)
                .withTimeout(timeout)
                .withMaxSamples(maxSamples)
                .withSubqueryStep(evaluationInterval);
    }
}
