package io.emberwatch.scorer;

import java.time.Duration;

/** Spans of time in words. */
final class Span {
    private Span() {}

    /** The two largest units that count: 3 h 20 min, 2 d 4 h, 45 min. */
    static String words(Duration span) {
        long minutes = Math.round(span.toSeconds() / 60.0);
        if (minutes < 60) {
            return minutes + " min";
        }
        if (minutes < 24 * 60) {
            return joined(minutes / 60, " h", minutes % 60, " min");
        }
        long hours = Math.round(minutes / 60.0);
        return joined(hours / 24, " d", hours % 24, " h");
    }

    private static String joined(long large, String largeUnit, long small, String smallUnit) {
        return large + largeUnit + (small == 0 ? "" : " " + small + smallUnit);
    }
}
