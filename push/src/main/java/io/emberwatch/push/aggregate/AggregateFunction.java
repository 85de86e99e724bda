package io.emberwatch.push.aggregate;

import java.util.Locale;

/** What can be computed over a window; the name is appended to the field's: {@code user_avg}. */
public enum AggregateFunction {
    AVG,
    SUM,
    MIN,
    MAX,
    /** How many values there were. */
    COUNT,
    /** The value with the latest time. */
    LAST,
    /** The median, within one percent. */
    P50,
    /** What one value in a hundred is above, within one percent. */
    P99;

    private final String suffix = "_" + name().toLowerCase(Locale.ROOT);

    /** Whether it takes more than a few sums. */
    boolean needsSketch() {
        return this == P50 || this == P99;
    }

    String suffix() {
        return suffix;
    }
}
