package io.emberwatch.exporter.tail.rule;

import java.util.Locale;

/** Why something of a log is not in the metrics. */
public enum Loss {
    /** A line longer than allowed. */
    TOO_LONG,
    /** A record that is not in its format. */
    MALFORMED,
    /** A field that should hold a number and does not. */
    NOT_A_NUMBER,
    /** A counter that would fall. */
    NEGATIVE,
    /** A time that cannot be read; the sample is shown without. */
    TIMESTAMP,
    /** A series too many. */
    SERIES_LIMIT;

    /** As a label's value. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
