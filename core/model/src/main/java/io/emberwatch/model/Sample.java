package io.emberwatch.model;

import java.util.Objects;

/**
 * One value of one series at one time.
 *
 * @param labels all labels, {@code __name__} included
 * @param timestampMillis milliseconds since the Unix epoch
 * @param value any double; {@link Staleness#STALE_NAN} ends the series
 */
public record Sample(Labels labels, long timestampMillis, double value) {
    public Sample {
        Objects.requireNonNull(labels, "labels");
    }
}
