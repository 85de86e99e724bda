package io.emberwatch.model.text;

import java.time.Duration;

/**
 * Durations as Prometheus writes them: {@code 1d2h30m}, units y w d h m s ms in descending order, each once.
 *
 * <p>After {@code model.Duration} of github.com/prometheus/common. They are never negative and end, as 64 bits of
 * nanoseconds do, after about 292 years.
 */
public final class Durations {
    private static final String EXPECTED = "expected a duration like 15s, 5m or 1h30m (units y w d h m s ms)";
    private static final long GREATEST_MILLIS = Long.MAX_VALUE / 1_000_000;

    private enum Unit {
        YEAR("y", 365L * 24 * 60 * 60 * 1000),
        WEEK("w", 7L * 24 * 60 * 60 * 1000),
        DAY("d", 24L * 60 * 60 * 1000),
        HOUR("h", 60L * 60 * 1000),
        MINUTE("m", 60L * 1000),
        SECOND("s", 1000),
        MILLISECOND("ms", 1);

        private final String text;
        private final long millis;

        Unit(String text, long millis) {
            this.text = text;
            this.millis = millis;
        }

        /** Years and weeks are written only when nothing is left over: {@code 10d}, not {@code 1w3d}. */
        private boolean onlyWhole() {
            return this == YEAR || this == WEEK;
        }
    }

    private Durations() {}

    /**
     * Reads {@code 15s}, {@code 1h30m}, {@code 0}; a day is 24 h, a week 7 d, a year 365 d.
     *
     * @throws IllegalArgumentException with the text and what was expected
     */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        if (text.isEmpty()) {
            throw refused(text, EXPECTED);
        }
        long millis = 0;
        int at = 0;
        long before = Long.MAX_VALUE;
        while (at < text.length()) {
            int digits = at;
            while (digits < text.length() && isDigit(text.charAt(digits))) {
                digits++;
            }
            int letters = digits;
            while (letters < text.length() && !isDigit(text.charAt(letters))) {
                letters++;
            }
            Unit unit = unit(text, text.substring(digits, letters));
            if (digits == at || unit.millis >= before) {
                throw refused(text, digits == at ? EXPECTED : "expected each unit once, the largest first");
            }
            before = unit.millis;
            millis = plus(text, millis, text.substring(at, digits), unit);
            at = letters;
        }
        return Duration.ofMillis(millis);
    }

    private static Unit unit(String text, String letters) {
        for (Unit unit : Unit.values()) {
            if (unit.text.equals(letters)) {
                return unit;
            }
        }
        throw refused(text, EXPECTED);
    }

    private static long plus(String text, long millis, String digits, Unit unit) {
        try {
            long sum = Math.addExact(millis, Math.multiplyExact(Long.parseLong(digits), unit.millis));
            if (sum <= GREATEST_MILLIS) {
                return sum;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(message(text, "expected at most 292y"), e);
        }
        throw refused(text, "expected at most 292y");
    }

    private static IllegalArgumentException refused(String text, String expected) {
        return new IllegalArgumentException(message(text, expected));
    }

    private static String message(String text, String expected) {
        return '"' + text + "\" is not a duration: " + expected;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /**
     * Writes whole milliseconds as Prometheus does: {@code 90s} becomes {@code 1m30s}, nothing becomes {@code 0s}. Years
     * and weeks are used only when they divide the duration, so {@code 8d} stays {@code 8d}.
     *
     * @throws IllegalArgumentException when the duration is negative
     */
    public static String format(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(duration + ": a negative duration cannot be written");
        }
        long rest = duration.toMillis();
        if (rest == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        for (Unit unit : Unit.values()) {
            long count = rest / unit.millis;
            if (count > 0 && !(unit.onlyWhole() && rest % unit.millis != 0)) {
                text.append(count).append(unit.text);
                rest %= unit.millis;
            }
        }
        return text.toString();
    }
}
