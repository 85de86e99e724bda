package io.emberwatch.rules.engine;

import java.util.Locale;

/** How far an alert, or a rule by the furthest of its alerts, has come. */
public enum AlertState {
    /** The rule was never evaluated. */
    UNKNOWN,
    /** The expression gives nothing, or no longer. */
    INACTIVE,
    /** The expression gives something, not for long enough yet. */
    PENDING,
    FIRING;

    /** The word of the label {@code alertstate} and of the HTTP API. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
