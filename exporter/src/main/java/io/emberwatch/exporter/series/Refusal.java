package io.emberwatch.exporter.series;

import java.util.Locale;

/** Why a series is not taken into a table. */
public enum Refusal {
    /** Its metric exists with another type, or another metric's samples bear its name. */
    CONFLICT,
    /** The table holds as many series as it may. */
    SERIES_LIMIT,
    /** Its metric has as many series as it may. */
    METRIC_LIMIT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The reason as a label value. */
    public String label() {
        return label;
    }
}
