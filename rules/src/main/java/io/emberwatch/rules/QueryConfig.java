package io.emberwatch.rules;

import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.web.PrometheusApi;
import io.emberwatch.rules.web.QueryMetrics;
import io.emberwatch.service.config.Default;
import java.time.Duration;

/**
 * The bounds of queries.
 *
 * @param lookback how old the newest sample of a series may be to count as its value
 * @param timeout how long one query may run
 * @param maxSamples how many samples one query may hold in memory at once
 * @param maxConcurrency how many queries of the API are executed at once
 * @param maxWaiting how many queries of the API may wait for their turn
 */
public record QueryConfig(
        @Default("5m") Duration lookback,
        @Default("2m") Duration timeout,
        @Default("50000000") int maxSamples,
        @Default("20") int maxConcurrency,
        @Default("1000") int maxWaiting) {
    public QueryConfig {
        if (lookback.toMillis() <= 0 || timeout.toMillis() <= 0 || maxSamples <= 0) {
            throw new IllegalArgumentException("lookback, timeout and max_samples must be positive");
        }
        if (maxConcurrency <= 0 || maxWaiting < 0) {
            throw new IllegalArgumentException("max_concurrency must be positive, max_waiting not negative");
        }
    }

    PrometheusApi.QueryBounds bounds(QueryMetrics metrics) {
        return new PrometheusApi.QueryBounds(maxConcurrency, maxWaiting, timeout, metrics);
    }

    EngineOptions options(Duration evaluationInterval) {
        return EngineOptions.defaults()
                .withLookback(lookback)
                .withTimeout(timeout)
                .withMaxSamples(maxSamples)
                .withSubqueryStep(evaluationInterval);
    }
}
