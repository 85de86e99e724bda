package io.emberwatch.bridge.render;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Points in time and durations as people read them, in one time zone. */
public final class Times {
    private final DateTimeFormatter full;
    private final DateTimeFormatter clock;
    // Alerts of a group mostly began together, and formatting takes longer than the rest of their text.
    private volatile Written last = new Written(Long.MIN_VALUE, "");

    private record Written(long second, String text) {}

    public Times(ZoneId zone) {
        full = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss z", Locale.ROOT).withZone(zone);
        clock = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(zone);
    }

    /** @throws IllegalArgumentException when it is the name of no time zone */
    public static void requireZone(@Nullable String name) {
        try {
            if (name != null) {
                ZoneId.of(name);
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("time_zone: " + name + ": expected a zone such as Europe/Berlin", e);
        }
    }

    /** {@code 2026-11-21 01:41:24 UTC}. */
    public String full(Instant at) {
        Written known = last;
        if (known.second() != at.getEpochSecond()) {
            known = new Written(at.getEpochSecond(), full.format(at));
            last = known;
        }
        return known.text();
    }

    /** {@code 01:41:24}. */
    public String clock(Instant at) {
        return clock.format(at);
    }

    /** The two largest units: {@code 45s}, {@code 5m 3s}, {@code 2h 10m}, {@code 3d 4h}. */
    public static String span(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        } else if (seconds < 3600) {
            return seconds / 60 + "m" + rest(seconds % 60, "s");
        } else if (seconds < 86_400) {
            return seconds / 3600 + "h" + rest(seconds % 3600 / 60, "m");
        }
        return seconds / 86_400 + "d" + rest(seconds % 86_400 / 3600, "h");
    }

    private static String rest(long count, String unit) {
        return count == 0 ? "" : " " + count + unit;
    }
}
