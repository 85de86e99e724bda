package io.emberwatch.push.client;

/** How much detail a metric is, and how much of it a backend wants; each takes in those before it. */
public enum Verbosity {
    PROD,
    INFO,
    DEBUG;

    /** Whether a backend of this verbosity takes a metric of the given one. */
    public boolean takes(Verbosity metric) {
        return metric.compareTo(this) <= 0;
    }
}
