package io.emberwatch.model.text;

import java.time.Duration;

/** Durations as Prometheus writes them: {@code 1d2h30m}, units y w d h m s ms in descending order, each once. */
public final class Durations {
    private Durations() {}

    /**
     * Reads {@code 15s}, {@code 1h30m}, {@code 0}; a day is 24 h, a week 7 d, a year 365 d.
     *
     * @throws IllegalArgumentException with the text and what was expected
     */
    public static Duration parse(String text) {
        throw new UnsupportedOperationException();
    }

    /** Writes the shortest form that reads back equal, whole milliseconds: {@code 90s} becomes {@code 1m30s}. */
    public static String format(Duration duration) {
        throw new UnsupportedOperationException();
    }
}
