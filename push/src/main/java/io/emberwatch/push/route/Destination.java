package io.emberwatch.push.route;

import java.util.Locale;

/** The outputs of the Router. */
public enum Destination {
    /** Lines as they are, for the database. */
    DATABASE,
    /** Single fields in the internal format, for OnOff. */
    ONOFF,
    /** Single fields in the internal format, for the Aggregator. */
    AGGREGATOR;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in metrics and configuration. */
    public String label() {
        return label;
    }
}
