package io.emberwatch.e2e;

import org.jspecify.annotations.Nullable;

/** Why Prometheus 3.14, which our engine follows, answers otherwise than 2.42. Listed in docs/promql.md. */
enum ExplainedDifference {
    /** Since 3.9 several partners are refused in comparisons that filter, too. */
    MATCHES_OF_FILTERS,
    /** Since 2.51 a rate is first extrapolated by half the time between samples and then cut at zero, not otherwise. */
    RATE_NEAR_ZERO,
    /**
     * Since 2.53 deviations are summed with compensation: the last digits of those of large values differ, so does what
     * is compared with them, and what overflows is infinite rather than not a number.
     */
    DIGITS_OF_DEVIATIONS,
    /** Since 2.50 a range that @ fixes stays where it is at every step, also where another argument changes with time. */
    FIXED_RANGES_WITH_ARGUMENTS;

    static @Nullable ExplainedDifference of(RandomQuery.Words query, PromqlAnswer ours, PromqlAnswer theirs) {
        if (ours.error().startsWith("multiple matches for labels")
                && theirs.error().isEmpty()) {
            return MATCHES_OF_FILTERS;
        }
        if (query.nearZero()) {
            return RATE_NEAR_ZERO;
        }
        boolean argument = query.now().contains("predict_linear") || query.now().contains("quantile_over_time");
        if (argument && query.now().contains("@")) {
            return FIXED_RANGES_WITH_ARGUMENTS;
        }
        if (query.now().contains("std")) {
            return DIGITS_OF_DEVIATIONS;
        }
        return null;
    }
}
