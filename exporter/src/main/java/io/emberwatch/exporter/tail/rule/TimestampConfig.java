package io.emberwatch.exporter.tail.rule;

import io.emberwatch.service.config.Default;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/**
 * Where records hold their time. Samples then carry the time of the last record that they count.
 *
 * @param field the field that holds it
 * @param format {@code rfc3339}, {@code unix} for seconds since 1970, {@code unix_ms}, or a pattern of Java's
 *     DateTimeFormatter, English and in UTC where it names no zone
 */
public record TimestampConfig(
        String field, @Default("rfc3339") String format) {
    private static final double MILLIS = 1e3;

    public TimestampConfig {
        if (field.isEmpty()) {
            throw new IllegalArgumentException("field: must name a field");
        }
        if (!format.equals("rfc3339") && !format.startsWith("unix")) {
            try {
                formatter(format);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("format: " + e.getMessage(), e);
            }
        } else if (format.startsWith("unix") && !format.equals("unix") && !format.equals("unix_ms")) {
            throw new IllegalArgumentException("format: " + format + " is none of rfc3339, unix, unix_ms");
        }
    }

    private static DateTimeFormatter formatter(String format) {
        return DateTimeFormatter.ofPattern(format, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    /** Reads times of one format; the last one is kept, because records of one second follow each other. */
    static final class Reader {
        private final DateTimeFormatter formatter;
        private final double unixFactor;
        private String lastText = "";
        private long lastMillis;

        Reader(TimestampConfig config) {
            formatter = switch (config.format) {
                case "rfc3339", "unix", "unix_ms" -> DateTimeFormatter.ISO_OFFSET_DATE_TIME;
                default -> TimestampConfig.formatter(config.format);
            };
            unixFactor = switch (config.format) {
                case "unix" -> MILLIS;
                case "unix_ms" -> 1;
                default -> 0;
            };
        }

        /**
         * Milliseconds since the epoch.
         *
         * @throws DateTimeException when the text is no time of the format
         */
        long millis(String text) {
            if (!text.equals(lastText)) {
                lastMillis = unixFactor > 0 ? number(text) : parsed(text);
                lastText = text;
            }
            return lastMillis;
        }

        private long number(String text) {
            try {
                return Math.round(Double.parseDouble(text) * unixFactor);
            } catch (NumberFormatException e) {
                throw new DateTimeException(text, e);
            }
        }

        private long parsed(String text) {
            TemporalAccessor time = formatter.parse(text);
            return time.isSupported(ChronoField.INSTANT_SECONDS)
                    ? Instant.from(time).toEpochMilli()
                    : LocalDateTime.from(time).toInstant(ZoneOffset.UTC).toEpochMilli();
        }
    }
}
