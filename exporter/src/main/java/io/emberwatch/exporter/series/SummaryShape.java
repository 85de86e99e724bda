package io.emberwatch.exporter.series;

import java.time.Duration;
import java.util.List;

/**
 * What a summary shows.
 *
 * @param quantiles from 0 to 1, ascending
 * @param maxAge how far back the quantiles reach, positive
 * @param ageBuckets into how many slices that time is cut, 1 to 100
 */
public record SummaryShape(List<Double> quantiles, Duration maxAge, int ageBuckets) {
    private static final int MOST_SLICES = 100;

    public SummaryShape {
        quantiles = quantiles.stream().sorted().distinct().toList();
        if (quantiles.stream().anyMatch(quantile -> !(quantile >= 0 && quantile <= 1))) {
            throw new IllegalArgumentException("quantiles: a quantile is a number from 0 to 1");
        }
        if (maxAge.toMillis() < 1) {
            throw new IllegalArgumentException("max_age: must be at least 1ms");
        }
        if (ageBuckets < 1 || ageBuckets > MOST_SLICES) {
            throw new IllegalArgumentException("age_buckets: must be from 1 to " + MOST_SLICES);
        }
    }
}
