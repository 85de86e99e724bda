package io.emberwatch.bridge;

import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.bridge.outbox.Quiet;
import io.emberwatch.service.config.Default;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;

/**
 * When channels are not told of mild alerts; these are told together when the hours are over.
 *
 * @param channels which channels; empty for all
 * @param from a time of day such as {@code 22:00}
 * @param to a time of day; on the next day when it is before {@code from}
 * @param severities what waits; never {@code critical}
 */
public record QuietHours(
        @Default("[]") List<String> channels,
        String from,
        String to,
        @Default("[warning, info]") List<String> severities) {
    public QuietHours {
        channels = List.copyOf(channels);
        severities = List.copyOf(severities);
        if (time("from", from).equals(time("to", to))) {
            throw new IllegalArgumentException("to: must not be the same as from");
        }
        if (!List.of("warning", "info").containsAll(severities)) {
            throw new IllegalArgumentException("severities: expected warning or info; critical never waits");
        }
    }

    private static LocalTime time(String key, String text) {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(key + ": " + text + ": expected a time of day such as 22:00", e);
        }
    }

    static Quiet of(List<QuietHours> all, ZoneId zone) {
        return (channel, severity, now) -> {
            Instant until = now;
            for (QuietHours hours : all) {
                Instant end = hours.end(channel, severity, now.atZone(zone));
                if (end.isAfter(until)) {
                    until = end;
                }
            }
            return until;
        };
    }

    private Instant end(String channel, Severity severity, ZonedDateTime now) {
        boolean applies = (channels.isEmpty() || channels.contains(channel)) && severities.contains(severity.word());
        LocalTime begin = time("from", from);
        LocalTime end = time("to", to);
        LocalTime clock = now.toLocalTime();
        boolean overnight = end.isBefore(begin);
        boolean within = overnight
                ? !clock.isBefore(begin) || clock.isBefore(end)
                : !clock.isBefore(begin) && clock.isBefore(end);
        if (!applies || !within) {
            return now.toInstant();
        }
        ZonedDateTime over = now.with(end);
        return (over.isAfter(now) ? over : over.plusDays(1)).toInstant();
    }
}
