package io.emberwatch.model.text;

import java.nio.charset.StandardCharsets;

/**
 * Reads the numbers of the exposition formats: decimal floats, {@code NaN} and {@code Inf} as {@link FloatText#parse}
 * does, but no hexadecimal ones.
 */
final class NumberReader {
    private static final long EXACT_INTEGERS = 1L << 53;
    private static final int MOST_DIGITS = 18;
    private static final double[] EXACT_POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private NumberReader() {}

    /**
     * Reads the bytes from {@code from} up to {@code to}.
     *
     * @throws NumberFormatException with the text
     */
    static double read(byte[] page, int from, int to) {
        int at = from;
        boolean negative = at < to && page[at] == '-';
        if (negative || (at < to && page[at] == '+')) {
            at++;
        }
        int first = at;
        long digits = 0;
        while (at < to && isDigit(page[at])) {
            digits = digits * 10 + (page[at++] - '0');
        }
        int count = at - first;
        int exponent = 0;
        if (at < to && page[at] == '.') {
            int point = ++at;
            while (at < to && isDigit(page[at])) {
                digits = digits * 10 + (page[at++] - '0');
            }
            exponent = point - at;
            count += at - point;
        }
        if (count == 0 || count > MOST_DIGITS) {
            return slow(page, from, to);
        }
        if (at < to && (page[at] | 0x20) == 'e') {
            int mark = ++at;
            boolean small = at < to && page[at] == '-';
            if (small || (at < to && page[at] == '+')) {
                at++;
            }
            int power = 0;
            int powerFrom = at;
            while (at < to && isDigit(page[at]) && at - powerFrom < 4) {
                power = power * 10 + (page[at++] - '0');
            }
            if (at == powerFrom || mark == to) {
                return slow(page, from, to);
            }
            exponent += small ? -power : power;
        }
        if (at != to || digits > EXACT_INTEGERS || exponent > 22 || exponent < -22) {
            return slow(page, from, to);
        }
        // Both operands are exact, so the one rounding of the product or quotient is the right one.
        double value = exponent < 0 ? digits / EXACT_POWERS[-exponent] : digits * EXACT_POWERS[exponent];
        return negative ? -value : value;
    }

    private static double slow(byte[] page, int from, int to) {
        String text = new String(page, from, to - from, StandardCharsets.UTF_8);
        double value = FloatText.parse(text);
        if (text.indexOf('x') >= 0 || text.indexOf('X') >= 0) {
            throw new NumberFormatException(FloatText.quoted(text) + " is not a decimal number");
        }
        return value;
    }

    /**
     * Reads a whole number with an optional minus.
     *
     * @throws NumberFormatException with the text
     */
    static long readLong(byte[] page, int from, int to) {
        int at = from;
        boolean negative = at < to && page[at] == '-';
        if (negative) {
            at++;
        }
        int first = at;
        long digits = 0;
        while (at < to && isDigit(page[at])) {
            digits = digits * 10 + (page[at++] - '0');
        }
        if (at == first || at != to || at - first > MOST_DIGITS) {
            String text = new String(page, from, to - from, StandardCharsets.UTF_8);
            throw new NumberFormatException(FloatText.quoted(text) + " is not a whole number");
        }
        return negative ? -digits : digits;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
