package io.emberwatch.rules.template;

import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A time in UTC, printed as Go's {@code time.Time}: {@code 2015-06-23 13:19:44.128 +0000 UTC}. */
record GoTime(Instant instant) {
    // The pieces of Go's reference time, longer ones before their own beginnings.
    private static final List<String> LAYOUT_PIECES = List.of(
            "January", "Monday", "2006", "-07:00", "Z07:00", "-0700", "Z0700", "Jan", "Mon", "MST", "002", "01", "02",
            "03", "04", "05", "06", "15", "PM", "pm", "-07", "_2", "1", "2", "3", "4", "5");

    private static final Instant ZERO = Instant.parse("0001-01-01T00:00:00Z");
    private static final long MOST_YEARS = 10_000;

    /** A month or a day of the week: a number that prints as its name. */
    record Named(long number, String name, String type) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Calls a method of Go's type, or gives null when there is none of that name. */
    @Nullable
    Object call(String method, List<Object> args) {
        LocalDateTime at = utc();
        return switch (method) {
            case "Unix" -> instant.getEpochSecond();
            case "UnixMilli" -> instant.toEpochMilli();
            case "UnixNano" -> ChronoUnit.NANOS.between(Instant.EPOCH, instant);
            case "Year" -> (long) at.getYear();
            case "Month" -> new Named(at.getMonthValue(), monthName(at), "time.Month");
            case "Weekday" -> new Named(at.getDayOfWeek().getValue() % 7, piece("Monday"), "time.Weekday");
            case "Day" -> (long) at.getDayOfMonth();
            case "YearDay" -> (long) at.getDayOfYear();
            case "Hour" -> (long) at.getHour();
            case "Minute" -> (long) at.getMinute();
            case "Second" -> (long) at.getSecond();
            case "Nanosecond" -> instant.getLong(ChronoField.NANO_OF_SECOND);
            case "UTC", "Local" -> this;
            case "Location" -> "UTC";
            case "UnixMicro" -> ChronoUnit.MICROS.between(Instant.EPOCH, instant);
            case "IsZero" -> instant.equals(ZERO);
            case "String" -> toString();
            case "GoString" ->
                "time.Date(" + at.getYear() + ", time." + monthName(at) + ", " + at.getDayOfMonth() + ", "
                        + at.getHour() + ", " + at.getMinute() + ", " + at.getSecond() + ", " + at.getNano()
                        + ", time.UTC)";
            case "Before", "After", "Equal", "Compare", "Sub" ->
                args.size() == 1 && args.get(0) instanceof GoTime other ? compared(method, other) : null;
            case "Add", "Truncate", "Round" ->
                args.size() == 1 && args.get(0) instanceof GoDuration span ? moved(method, span.nanos()) : null;
            case "AddDate" -> addDate(args);
            case "Format" -> args.size() == 1 && args.get(0) instanceof String layout ? format(layout) : null;
            default -> null;
        };
    }

    private static String monthName(LocalDateTime at) {
        return at.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private Object compared(String method, GoTime other) {
        return switch (method) {
            case "Before" -> instant.isBefore(other.instant);
            case "After" -> instant.isAfter(other.instant);
            case "Equal" -> instant.equals(other.instant);
            case "Compare" -> (long) Integer.signum(instant.compareTo(other.instant));
            default -> new GoDuration(ChronoUnit.NANOS.between(other.instant, instant));
        };
    }

    // Truncate and Round go by multiples since Go's zero time.
    private @Nullable Object moved(String method, long nanos) {
        if (method.equals("Add")) {
            return new GoTime(instant.plusNanos(nanos));
        }
        if (nanos <= 0) {
            return this;
        }
        BigInteger unit = BigInteger.valueOf(nanos);
        BigInteger rest = BigInteger.valueOf(ZERO.until(instant, ChronoUnit.SECONDS))
                .multiply(BigInteger.valueOf(1_000_000_000))
                .add(BigInteger.valueOf(instant.getLong(ChronoField.NANO_OF_SECOND)))
                .mod(unit);
        boolean up = method.equals("Round") && rest.shiftLeft(1).compareTo(unit) >= 0;
        return new GoTime(instant.plusNanos((up ? unit.subtract(rest) : rest.negate()).longValueExact()));
    }

    private @Nullable Object addDate(List<Object> args) {
        if (args.size() == 3
                && args.get(0) instanceof Long years
                && args.get(1) instanceof Long months
                && args.get(2) instanceof Long days
                && Math.abs(years) <= MOST_YEARS
                && Math.abs(months) <= 12 * MOST_YEARS
                && Math.abs(days) <= 366 * MOST_YEARS) {
            // Go carries days that a month has not over into the next one.
            LocalDateTime at = utc();
            LocalDateTime first = at.withDayOfMonth(1).plusYears(years).plusMonths(months);
            return new GoTime(first.plusDays(at.getDayOfMonth() - 1 + days).toInstant(ZoneOffset.UTC));
        }
        return null;
    }

    private LocalDateTime utc() {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    /** The time in a layout that is written as Go writes them, by example: {@code 2006-01-02 15:04:05}. */
    String format(String layout) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < layout.length()) {
            int fraction = fractionLength(layout, i);
            if (fraction > 0) {
                out.append(fraction(layout.substring(i, i + fraction)));
                i += fraction;
                continue;
            }
            String piece = pieceAt(layout, i);
            if (piece == null) {
                out.append(layout.charAt(i++));
            } else {
                out.append(piece(piece));
                i += piece.length();
            }
        }
        return out.toString();
    }

    // A point or comma followed by zeros or nines, and then no further digit.
    private static int fractionLength(String layout, int start) {
        char point = layout.charAt(start);
        if ((point != '.' && point != ',') || start + 1 >= layout.length()) {
            return 0;
        }
        char digit = layout.charAt(start + 1);
        int end = start + 1;
        while (end < layout.length() && layout.charAt(end) == digit) {
            end++;
        }
        boolean digitFollows = end < layout.length() && Character.isDigit(layout.charAt(end));
        return (digit == '0' || digit == '9') && !digitFollows ? end - start : 0;
    }

    private String fraction(String piece) {
        int digits = Math.min(9, piece.length() - 1);
        String text = Integer.toString(1_000_000_000 + instant.get(ChronoField.NANO_OF_SECOND))
                .substring(1, 1 + digits);
        if (piece.charAt(1) == '9') {
            text = text.replaceAll("0+$", "");
        }
        return text.isEmpty() ? "" : piece.charAt(0) + text;
    }

    private static @Nullable String pieceAt(String layout, int start) {
        for (String piece : LAYOUT_PIECES) {
            if (layout.startsWith(piece, start)) {
                return piece;
            }
        }
        return null;
    }

    private String piece(String piece) {
        LocalDateTime at = utc();
        int hour12 = at.getHour() % 12 == 0 ? 12 : at.getHour() % 12;
        return switch (piece) {
            case "January" -> at.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Jan" -> at.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case "Monday" -> at.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Mon" -> at.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case "2006" -> padded(at.getYear(), 4);
            case "06" -> padded(at.getYear() % 100, 2);
            case "002" -> padded(at.getDayOfYear(), 3);
            case "01" -> padded(at.getMonthValue(), 2);
            case "1" -> Integer.toString(at.getMonthValue());
            case "02" -> padded(at.getDayOfMonth(), 2);
            case "_2" -> String.format(Locale.ROOT, "%2d", at.getDayOfMonth());
            case "2" -> Integer.toString(at.getDayOfMonth());
            case "15" -> padded(at.getHour(), 2);
            case "03" -> padded(hour12, 2);
            case "3" -> Integer.toString(hour12);
            case "04" -> padded(at.getMinute(), 2);
            case "4" -> Integer.toString(at.getMinute());
            case "05" -> padded(at.getSecond(), 2);
            case "5" -> Integer.toString(at.getSecond());
            case "PM" -> at.getHour() < 12 ? "AM" : "PM";
            case "pm" -> at.getHour() < 12 ? "am" : "pm";
            case "MST" -> "UTC";
            case "-07:00" -> "+00:00";
            case "-0700" -> "+0000";
            case "-07" -> "+00";
            default -> "Z";
        };
    }

    private static String padded(int number, int digits) {
        return String.format(Locale.ROOT, "%0" + digits + "d", number);
    }

    @Override
    public String toString() {
        return format("2006-01-02 15:04:05.999999999 -0700 MST");
    }
}
