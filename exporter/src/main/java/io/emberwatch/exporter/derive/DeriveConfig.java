package io.emberwatch.exporter.derive;

import io.emberwatch.exporter.tail.pattern.LinePattern;
import io.emberwatch.service.config.Default;
import java.time.Duration;

/**
 * What is made of values, as the O2 Monitoring library does.
 *
 * @param match names of metrics, a regular expression that must match as a whole
 * @param mode {@code rate} adds {@code <name>_rate}, the change per second; {@code increment} adds
 *     {@code <name>_increment}, the sum of all values; {@code suppress} leaves out values that have not changed
 * @param atLeastEvery how long an unchanged value is left out at most
 */
public record DeriveConfig(
        String match, Mode mode, @Default("300s") Duration atLeastEvery) {
    /** What is made. */
    public enum Mode {
        RATE,
        INCREMENT,
        SUPPRESS
    }

    public DeriveConfig {
        try {
            LinePattern.compile(match);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("match: " + e.getMessage(), e);
        }
    }
}
