package io.emberwatch.rules.store;

import java.util.Locale;

/** Why the store did not take a sample. */
public enum Refusal {
    /** Older than the newest sample of its series. */
    OUT_OF_ORDER,
    /** The series has another value at the same time. */
    DUPLICATE_TIMESTAMP,
    /** The series has the same value at the same time: nothing is lost. */
    REPEATED,
    /** Older than what the store retains. */
    TOO_OLD,
    /** The series would be one too many. */
    SERIES_LIMIT,
    /** Names and values of the labels are longer than {@link SeriesStore#MAX_LABELS_LENGTH} together, or there are none. */
    BAD_LABELS;

    /** The value of the label {@code reason}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
