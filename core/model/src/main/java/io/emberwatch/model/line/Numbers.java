package io.emberwatch.model.line;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Checks and reads the numbers of a line where they stand. */
final class Numbers {
    /** The largest double is 1.797…e308: 309 digits before the point. */
    private static final int MAX_INTEGER_DIGITS = 309;

    private static final int EXPONENT_CAP = 1_000_000;

    /** As an unsigned number. */
    private static final long TEN_TO_THE_19TH = 0x8ac7_2304_89e8_0000L;

    /** So many decimal digits always fit into the 53 bits of a double. */
    private static final int MAX_EXACT_DIGITS = 15;

    private static final double[] POWERS_OF_TEN = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16
    };

    private Numbers() {}

    /**
     * Whether the bytes are {@code ["-"] digits ["." [digits]] [exponent]} or {@code ["-"] "." digits [exponent]} and
     * finite.
     *
     * @return null when they are
     */
    static @Nullable LineFault checkFloat(byte[] in, int from, int to) {
        int i = from;
        if (i < to && in[i] == '-') {
            i++;
        }
        int digits = 0;
        while (i < to && in[i] == '0') {
            i++;
            digits++;
        }
        int significantFrom = i;
        while (i < to && isDigit(in[i])) {
            i++;
        }
        int integerDigits = i - significantFrom;
        digits += integerDigits;
        if (i < to && in[i] == '.') {
            i++;
            int fractionFrom = i;
            while (i < to && isDigit(in[i])) {
                i++;
            }
            digits += i - fractionFrom;
        }
        if (digits == 0) {
            return LineFault.FLOAT;
        }
        if (i == to) {
            return integerDigits < MAX_INTEGER_DIGITS ? null : checkFinite(in, from, to);
        }
        return checkExponent(in, from, i, to, integerDigits);
    }

    private static @Nullable LineFault checkExponent(byte[] in, int from, int at, int to, int integerDigits) {
        int i = at;
        if (in[i] != 'e' && in[i] != 'E') {
            return LineFault.FLOAT;
        }
        i++;
        boolean negative = i < to && in[i] == '-';
        if (i < to && (in[i] == '-' || in[i] == '+')) {
            i++;
        }
        if (i == to) {
            return LineFault.FLOAT;
        }
        int exponent = 0;
        for (; i < to; i++) {
            if (!isDigit(in[i])) {
                return LineFault.FLOAT;
            }
            exponent = Math.min(EXPONENT_CAP, exponent * 10 + (in[i] - '0'));
        }
        int magnitude = integerDigits + (negative ? -exponent : exponent);
        return magnitude < MAX_INTEGER_DIGITS ? null : checkFinite(in, from, to);
    }

    private static @Nullable LineFault checkFinite(byte[] in, int from, int to) {
        return Double.isInfinite(parseDouble(in, from, to)) ? LineFault.OUT_OF_RANGE : null;
    }

    /**
     * Reads what {@link #checkFloat} let pass. A number of up to 15 digits and a small exponent, as nearly all are, costs
     * one division (Clinger, "How to read floating point numbers accurately", 1990); the rest goes the long way.
     */
    static double parseDouble(byte[] in, int from, int to) {
        int i = from;
        boolean negative = in[i] == '-';
        if (negative) {
            i++;
        }
        long digits = 0;
        int scale = 0;
        boolean point = false;
        if (to - i <= MAX_EXACT_DIGITS + 1) {
            for (; i < to; i++) {
                byte c = in[i];
                if (isDigit(c)) {
                    digits = 10 * digits + (c - '0');
                    scale += point ? 1 : 0;
                } else if (c == '.') {
                    point = true;
                } else {
                    break;
                }
            }
        }
        if (i < to) {
            return Double.parseDouble(new String(in, from, to - from, StandardCharsets.ISO_8859_1));
        }
        double value = digits / POWERS_OF_TEN[scale];
        return negative ? -value : value;
    }

    /**
     * Whether the bytes are {@code ["-"] digits} and fit into a long.
     *
     * @return null when they are and do
     */
    static @Nullable LineFault checkLong(byte[] in, int from, int to, LineFault syntax, LineFault range) {
        int i = from;
        boolean negative = i < to && in[i] == '-';
        if (negative) {
            i++;
        }
        if (i == to) {
            return syntax;
        }
        while (i < to - 1 && in[i] == '0') {
            i++;
        }
        int significantFrom = i;
        long value = 0;
        for (; i < to; i++) {
            if (!isDigit(in[i])) {
                return syntax;
            }
            value = value * 10 - (in[i] - '0');
        }
        int digits = to - significantFrom;
        // 19 digits cannot wrap past zero twice: a wrapped sum of negatives is positive.
        boolean fits = digits < 19 || (digits == 19 && value <= 0 && (negative || value != Long.MIN_VALUE));
        return fits ? null : range;
    }

    /** Reads what {@link #checkLong} let pass. */
    static long parseLong(byte[] in, int from, int to) {
        int i = from;
        boolean negative = in[i] == '-';
        if (negative) {
            i++;
        }
        long value = 0;
        for (; i < to; i++) {
            value = value * 10 - (in[i] - '0');
        }
        return negative ? value : -value;
    }

    /**
     * Whether the bytes are digits and fit into 64 bits without sign.
     *
     * @return null when they are and do
     */
    static @Nullable LineFault checkUnsigned(byte[] in, int from, int to) {
        if (from == to) {
            return LineFault.UNSIGNED;
        }
        int i = from;
        while (i < to - 1 && in[i] == '0') {
            i++;
        }
        int digits = to - i;
        long value = 0;
        for (; i < to; i++) {
            if (!isDigit(in[i])) {
                return LineFault.UNSIGNED;
            }
            value = value * 10 + (in[i] - '0');
        }
        // The largest is 18446744073709551615; a 20-digit number above it wraps to less than 10^19.
        boolean fits = digits < 20
                || (digits == 20 && in[to - 20] == '1' && Long.compareUnsigned(value, TEN_TO_THE_19TH) >= 0);
        return fits ? null : LineFault.OUT_OF_RANGE;
    }

    /** Whether the bytes are one of the ten spellings of a boolean. */
    static boolean isBoolean(byte[] in, int from, int to) {
        int length = to - from;
        byte first = in[from];
        if (length == 1) {
            return first == 't' || first == 'T' || first == 'f' || first == 'F';
        }
        if (length == 4 && (first == 't' || first == 'T')) {
            return spells(in, from, first == 't', "rue", "RUE");
        }
        return length == 5 && (first == 'f' || first == 'F') && spells(in, from, first == 'f', "alse", "ALSE");
    }

    private static boolean spells(byte[] in, int from, boolean lowerOnly, String lower, String upper) {
        return matches(in, from + 1, lower) || (!lowerOnly && matches(in, from + 1, upper));
    }

    private static boolean matches(byte[] in, int from, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (in[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }
}
