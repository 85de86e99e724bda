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
    LAST;

    private final String suffix = "_" + name().toLowerCase(Locale.ROOT);

    String suffix() {
        return suffix;
    }
}
