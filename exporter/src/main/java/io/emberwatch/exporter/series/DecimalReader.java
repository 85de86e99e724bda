package io.emberwatch.exporter.series;

import io.emberwatch.model.text.FloatText;
import java.nio.charset.StandardCharsets;

/** Reads numbers where they stand: decimals of up to 18 digits without garbage, all else that Go's ParseFloat takes too. */
public final class DecimalReader {
    private static final long EXACT_INTEGERS = 1L << 53;
    private static final int MOST_DIGITS = 18;
    private static final int LONGEST = 400;
    private static final double[] POWERS_OF_TEN = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18
    };

    private double value;

    /** Whether the bytes are a number, which {@link #value} then tells. */
    public boolean read(byte[] in, int from, int to) {
        int i = from;
        boolean negative = i < to && in[i] == '-';
        if (negative || (i < to && in[i] == '+')) {
            i++;
        }
        long digits = 0;
        int first = i;
        while (i < to && in[i] >= '0' && in[i] <= '9') {
            digits = 10 * digits + (in[i++] - '0');
        }
        int count = i - first;
        int scale = 0;
        if (i < to && in[i] == '.') {
            i++;
            int point = i;
            while (i < to && in[i] >= '0' && in[i] <= '9') {
                digits = 10 * digits + (in[i++] - '0');
            }
            scale = i - point;
            count += scale;
        }
        if (i != to || count == 0 || count > MOST_DIGITS || digits > EXACT_INTEGERS) {
            return readSlowly(in, from, to);
        }
        // Both are exact, so the one rounding of the quotient is the right one.
        double magnitude = scale == 0 ? digits : digits / POWERS_OF_TEN[scale];
        value = negative ? -magnitude : magnitude;
        return true;
    }

    private boolean readSlowly(byte[] in, int from, int to) {
        if (from == to || to - from > LONGEST || !mayBegin(in[from])) {
            return false;
        }
        try {
            value = FloatText.parse(new String(in, from, to - from, StandardCharsets.ISO_8859_1));
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean mayBegin(byte c) {
        return (c >= '0' && c <= '9') || "+-.iInN".indexOf(c) >= 0;
    }

    /** The number that was read last. */
    public double value() {
        return value;
    }
}
