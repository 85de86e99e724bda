package io.emberwatch.e2e;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why Prometheus 3.14, which our engine follows, answers otherwise than 2.42. Listed in docs/promql.md. */
enum ExplainedDifference {
    /** Since 3.9 several partners are refused in comparisons that filter, too. */
    MATCHES_OF_FILTERS,
    /**
     * Since 2.51 a rate is first extrapolated by half the time between samples and then cut at zero, not otherwise.
     * Subqueries ask for rates at so many times that some meet a counter that has just begun.
     */
    RATE_NEAR_ZERO,
    /**
     * Since 2.53 deviations are summed with compensation: the last digits of those of large values differ, so does what
     * is compared with them, and what overflows is infinite rather than not a number.
     */
    DIGITS_OF_DEVIATIONS,
    /** Since 2.50 a range that @ fixes stays where it is at every step, also where another argument changes with time. */
    FIXED_RANGES_WITH_ARGUMENTS,
    /** How often computed values change depends on their last digits, in which no two implementations agree. */
    CHANGES_OF_LAST_DIGITS,
    /** Of two faults of one matching, at different steps of a range, ours names the one of the side that is to be unique. */
    ONE_OF_TWO_FAULTS;

    private static final Pattern RATE_IN_SUBQUERY = Pattern.compile("\\b(rate|increase)\\(.*\\[[^\\]]*:.*]");
    private static final Pattern CHANGES_OF_SUBQUERY = Pattern.compile("\\b(changes|resets)\\(.*\\[[^\\]]*:.*]");

    static @Nullable ExplainedDifference of(RandomQuery.Words query, PromqlAnswer ours, PromqlAnswer theirs) {
        if (ours.error().startsWith("multiple matches for labels")
                && theirs.error().isEmpty()) {
            return MATCHES_OF_FILTERS;
        }
        if (ours.error().contains("found duplicate series for the match group")
                && theirs.error().contains("multiple matches for labels")) {
            return ONE_OF_TWO_FAULTS;
        }
        if (query.nearZero() || RATE_IN_SUBQUERY.matcher(query.now()).find()) {
            return RATE_NEAR_ZERO;
        }
        if (CHANGES_OF_SUBQUERY.matcher(query.now()).find()) {
            return CHANGES_OF_LAST_DIGITS;
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
