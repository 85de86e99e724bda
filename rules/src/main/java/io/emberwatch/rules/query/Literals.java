package io.emberwatch.rules.query;

import io.emberwatch.model.text.FloatText;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers, durations and quoted strings of expressions. */
final class Literals {
    private static final Pattern DURATION = Pattern.compile(
            "(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?");
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long[] UNITS = {365 * DAY, 7 * DAY, DAY, HOUR, MINUTE, SECOND, 1};
    private static final String[] UNIT_NAMES = {"y", "w", "d", "h", "m", "s", "ms"};
    private static final BigInteger MAX_MILLIS = BigInteger.valueOf(Long.MAX_VALUE / 1_000_000);

    private Literals() {}

    /**
     * A number as Go reads it: an integer of any base first, else a float.
     *
     * @throws IllegalArgumentException worded as Go's {@code strconv}
     */
    static double number(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.equals("inf")) {
            return Double.POSITIVE_INFINITY;
        }
        if (lower.equals("nan")) {
            return Double.NaN;
        }
        String digits = text.replace("_", "");
        if (lower.startsWith("0x")) {
            return hexadecimal(text, digits.substring(2));
        }
        if (digits.length() > 1 && digits.startsWith("0") && digits.chars().allMatch(c -> c >= '0' && c <= '7')) {
            BigInteger octal = new BigInteger(digits, 8);
            if (octal.bitLength() < 64) {
                return octal.doubleValue();
            }
        }
        return decimal(text, digits);
    }

    private static double hexadecimal(String text, String digits) {
        if (digits.isEmpty() || new BigInteger(digits, 16).bitLength() >= 64) {
            throw invalid(text, "invalid syntax");
        }
        return new BigInteger(digits, 16).doubleValue();
    }

    private static double decimal(String text, String digits) {
        try {
            double value = Double.parseDouble(digits);
            if (Double.isInfinite(value)) {
                throw invalid(text, "value out of range");
            }
            return value;
        } catch (NumberFormatException e) {
            throw (IllegalArgumentException) invalid(text, "invalid syntax").initCause(e);
        }
    }

    private static IllegalArgumentException invalid(String text, String what) {
        return new IllegalArgumentException("strconv.ParseFloat: parsing " + GoText.quote(text) + ": " + what);
    }

    /**
     * A duration such as {@code 1h30m}, in milliseconds.
     *
     * @throws IllegalArgumentException worded as Prometheus words it
     */
    static long durationMillis(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty duration string");
        }
        if (text.equals("0")) {
            return 0;
        }
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a valid duration string: " + GoText.quote(text));
        }
        BigInteger millis = BigInteger.ZERO;
        for (int i = 0; i < UNITS.length; i++) {
            String count = parts.group(i + 1);
            if (count != null) {
                millis = millis.add(new BigInteger(count).multiply(BigInteger.valueOf(UNITS[i])));
            }
        }
        if (millis.compareTo(MAX_MILLIS) > 0) {
            throw new IllegalArgumentException("duration out of range");
        }
        return millis.longValue();
    }

    /** Writes a duration with the fewest units, years and weeks only when nothing is left over. */
    static String duration(long millis) {
        if (millis == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        long rest = millis;
        for (int i = 0; i < UNITS.length; i++) {
            boolean exact = i < 2;
            if (rest >= UNITS[i] && !(exact && rest % UNITS[i] != 0)) {
                text.append(rest / UNITS[i]).append(UNIT_NAMES[i]);
                rest %= UNITS[i];
            }
        }
        return text.toString();
    }

    /** A duration in seconds, which may be negative, to whole milliseconds as Go's integer durations give them. */
    static long millis(double seconds) {
        return Math.round(seconds * 1e9) / 1_000_000;
    }

    static String number(double value) {
        return FloatText.formatF(value);
    }

    /** The text between quotes that the lexer has accepted, escapes resolved. */
    static String unquote(String quoted) {
        String inner = quoted.substring(1, quoted.length() - 1);
        if (quoted.charAt(0) == '`' || inner.indexOf('\\') < 0) {
            return inner;
        }
        byte[] bytes = Utf8.bytes(inner);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        int i = 0;
        while (i < bytes.length) {
            if (bytes[i] == '\\') {
                i = unescape(bytes, i + 1, out);
            } else {
                out.write(bytes[i++]);
            }
        }
        byte[] unescaped = out.toByteArray();
        return Utf8.text(unescaped, 0, unescaped.length);
    }

    private static int unescape(byte[] bytes, int i, ByteArrayOutputStream out) {
        switch (bytes[i]) {
            case 'a' -> out.write(7);
            case 'b' -> out.write('\b');
            case 'f' -> out.write('\f');
            case 'n' -> out.write('\n');
            case 'r' -> out.write('\r');
            case 't' -> out.write('\t');
            case 'v' -> out.write(11);
            case 'x' -> {
                out.write(digits(bytes, i + 1, 2, 16));
                return i + 3;
            }
            case 'u' -> {
                out.writeBytes(Utf8.bytes(Character.toString(digits(bytes, i + 1, 4, 16))));
                return i + 5;
            }
            case 'U' -> {
                out.writeBytes(Utf8.bytes(Character.toString(digits(bytes, i + 1, 8, 16))));
                return i + 9;
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                out.write(digits(bytes, i, 3, 8));
                return i + 3;
            }
            default -> out.write(bytes[i]);
        }
        return i + 1;
    }

    private static int digits(byte[] bytes, int start, int count, int base) {
        int value = 0;
        for (int i = start; i < start + count; i++) {
            value = value * base + Character.digit(bytes[i], base);
        }
        return value;
    }
}
