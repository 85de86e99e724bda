package io.emberwatch.rules.template;

import io.emberwatch.model.text.FloatText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;

/** Numbers made readable, as Prometheus' template functions of the same names do it (docs, "Template reference"). */
final class Humanize {
    private static final String[] LARGE = {"k", "M", "G", "T", "P", "E", "Z", "Y"};
    private static final String[] SMALL = {"m", "u", "n", "p", "f", "a", "z", "y"};
    private static final String[] BINARY = {"ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"};
    private static final BigDecimal LEAST_NANOS = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal MOST_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

    private Humanize() {}

    static String decimal(double value) {
        if (value == 0 || !Double.isFinite(value)) {
            return four(value);
        }
        double scaled = value;
        String prefix = "";
        if (Math.abs(value) >= 1) {
            for (int i = 0; i < LARGE.length && Math.abs(scaled) >= 1000; i++) {
                prefix = LARGE[i];
                scaled /= 1000;
            }
            return four(scaled) + prefix;
        }
        return small(value);
    }

    private static String small(double value) {
        double scaled = value;
        String prefix = "";
        for (int i = 0; i < SMALL.length && Math.abs(scaled) < 1; i++) {
            prefix = SMALL[i];
            scaled *= 1000;
        }
        return four(scaled) + prefix;
    }

    static String binary(double value) {
        if (Math.abs(value) <= 1 || !Double.isFinite(value)) {
            return four(value);
        }
        double scaled = value;
        String prefix = "";
        for (int i = 0; i < BINARY.length && Math.abs(scaled) >= 1024; i++) {
            prefix = BINARY[i];
            scaled /= 1024;
        }
        return four(scaled) + prefix;
    }

    static String duration(double value) {
        if (!Double.isFinite(value)) {
            return four(value);
        }
        if (value == 0) {
            return four(value) + "s";
        }
        if (Math.abs(value) < 1) {
            return small(value) + "s";
        }
        String sign = value < 0 ? "-" : "";
        double size = Math.abs(value);
        long whole = toInt64(size);
        long seconds = whole % 60;
        long minutes = whole / 60 % 60;
        long hours = whole / 3600 % 24;
        long days = whole / 86400;
        if (days != 0) {
            return sign + days + "d " + hours + "h " + minutes + "m " + seconds + "s";
        }
        if (hours != 0) {
            return sign + hours + "h " + minutes + "m " + seconds + "s";
        }
        return sign + (minutes != 0 ? minutes + "m " + seconds + "s" : four(size) + "s");
    }

    // Out of range, Go on amd64 converts to the least integer where Java saturates.
    private static long toInt64(double value) {
        return value >= 0x1p63 || value < -0x1p63 ? Long.MIN_VALUE : (long) value;
    }

    static String percentage(double value) {
        return four(value * 100) + "%";
    }

    static String timestamp(double seconds) throws TemplateException {
        return Double.isFinite(seconds) ? time(seconds).toString() : four(seconds);
    }

    /** The time that many seconds after the epoch, whole milliseconds. */
    static GoTime time(double seconds) throws TemplateException {
        if (!Double.isFinite(seconds * 1e9)) {
            throw new TemplateException(overflow(seconds, "timestamp"));
        }
        BigDecimal nanos = new BigDecimal(seconds * 1e9);
        if (nanos.compareTo(LEAST_NANOS) < 0 || nanos.compareTo(MOST_NANOS) > 0) {
            throw new TemplateException(overflow(seconds, "timestamp"));
        }
        long millis = nanos.longValue() / 1_000_000;
        return new GoTime(Instant.ofEpochMilli(millis));
    }

    static GoDuration span(double seconds) throws TemplateException {
        double nanos = seconds * 1e9;
        if (!(nanos >= -0x1p63 && nanos < 0x1p63)) {
            throw new TemplateException(overflow(seconds, "duration"));
        }
        return new GoDuration(
                new BigDecimal(nanos).setScale(0, RoundingMode.DOWN).longValueExact());
    }

    private static String overflow(double seconds, String what) {
        return GoFloat.format(seconds, 'g', GoFloat.SHORTEST) + " cannot be represented as a nanoseconds " + what
                + " since it overflows int64";
    }

    private static String four(double value) {
        return GoFloat.format(value, 'g', 4);
    }

    /** A number from what templates hold: a number, or its text. */
    static double toDouble(Object value) throws TemplateException {
        if (value instanceof Double number) {
            return number;
        }
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof GoDuration duration) {
            return duration.nanos() / 1e9;
        }
        if (value instanceof String text) {
            try {
                return FloatText.parse(text);
            } catch (NumberFormatException e) {
                throw new TemplateException("strconv.ParseFloat: parsing " + GoText.quote(text) + ": invalid syntax");
            }
        }
        throw new TemplateException("can't convert " + GoValue.type(value) + " to float");
    }
}
