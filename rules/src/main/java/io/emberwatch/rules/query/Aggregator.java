package io.emberwatch.rules.query;

import java.util.Locale;

/** The aggregation operators. */
public enum Aggregator {
    SUM,
    AVG,
    COUNT,
    MIN,
    MAX,
    GROUP,
    STDDEV,
    STDVAR,
    TOPK,
    BOTTOMK,
    COUNT_VALUES,
    QUANTILE,
    LIMITK,
    LIMIT_RATIO;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The keyword. */
    public String text() {
        return text;
    }

    /** Whether a parameter comes before the vector. */
    public boolean takesParameter() {
        return switch (this) {
            case TOPK, BOTTOMK, COUNT_VALUES, QUANTILE, LIMITK, LIMIT_RATIO -> true;
            default -> false;
        };
    }

    /** Whether Prometheus guards it by the feature flag {@code promql-experimental-functions}. */
    public boolean isExperimental() {
        return this == LIMITK || this == LIMIT_RATIO;
    }
}
