package io.emberwatch.launcher;

import io.emberwatch.model.text.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A time as one writes it on a command line: Unix seconds, RFC 3339, or how long ago.
 *
 * @param instant null when {@code ago} says it
 * @param ago how long before now
 */
record Moment(@Nullable Instant instant, Duration ago) {
    private static final double MILLIS = 1000;

    /** @throws IllegalArgumentException with the text and what was expected */
    static Moment parse(String text) {
        try {
            if (text.matches("[0-9]{1,12}(\\.[0-9]+)?")) {
                return new Moment(Instant.ofEpochMilli(Math.round(Double.parseDouble(text) * MILLIS)), Duration.ZERO);
            }
            if (text.contains("T")) {
                return new Moment(OffsetDateTime.parse(text).toInstant(), Duration.ZERO);
            }
            return new Moment(null, Durations.parse(text));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    text
                            + ": expected Unix seconds, a time such as 2026-03-01T12:00:00Z, or a duration ago such as 15m",
                    e);
        }
    }

    Instant at(Instant now) {
        return instant != null ? instant : now.minus(ago);
    }
}
