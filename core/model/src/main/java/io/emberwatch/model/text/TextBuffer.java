package io.emberwatch.model.text;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Growing UTF-8 text with number formatting that makes no garbage. For one thread. */
final class TextBuffer {
    private static final long[] POWERS_OF_TEN = powersOfTen();
    private static final double EXACT_INTEGERS = 1L << 53;

    private final ShortestDecimal decimal = new ShortestDecimal();
    private byte[] bytes;
    private int length;

    TextBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    int length() {
        return length;
    }

    void truncate(int newLength) {
        length = newLength;
    }

    byte[] copyFrom(int start) {
        return Arrays.copyOfRange(bytes, start, length);
    }

    void drainTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
        length = 0;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    void put(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
    }

    void put(byte[] text) {
        put(text, 0, text.length);
    }

    // To have the text encoded and copied in one go is faster than to look at one character after the other.
    void put(String text) {
        put(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Puts text with backslash and newline escaped, and the quotation mark when {@code quotes}. */
    void putEscaped(String text, boolean quotes) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int done = 0;
        for (int i = 0; i < utf8.length; i++) {
            byte b = utf8[i];
            if (b == '\\' || b == '\n' || (b == '"' && quotes)) {
                put(utf8, done, i);
                put('\\');
                put(b == '\n' ? 'n' : (char) b);
                done = i + 1;
            }
        }
        put(utf8, done, utf8.length);
    }

    private void put(byte[] text, int from, int to) {
        reserve(to - from);
        System.arraycopy(text, from, bytes, length, to - from);
        length += to - from;
    }

    void putLong(long value) {
        reserve(20);
        if (value < 0) {
            bytes[length++] = '-';
            // The least long has no positive twin; its last digit is written on its own.
            if (value == Long.MIN_VALUE) {
                putDigits(-(value / 10));
                bytes[length++] = '8';
                return;
            }
        }
        putDigits(Math.abs(value));
    }

    private void putDigits(long value) {
        putDigits(value, digitCount(value));
    }

    private void putDigits(long value, int count) {
        reserve(count);
        long rest = value;
        for (int at = length + count - 1; at >= length; at--) {
            long tenth = rest / 10;
            bytes[at] = (byte) ('0' + (rest - tenth * 10));
            rest = tenth;
        }
        length += count;
    }

    private void putZeros(int count) {
        reserve(count);
        Arrays.fill(bytes, length, length + count, (byte) '0');
        length += count;
    }

    /** Thousandths written as a decimal number with no more digits than needed, {@code 1500} as {@code 1.5}. */
    void putThousandths(long thousandths) {
        putLong(thousandths / 1000);
        int rest = (int) (thousandths % 1000);
        if (rest != 0) {
            put('.');
            put((char) ('0' + rest / 100));
            if (rest % 100 != 0) {
                put((char) ('0' + rest / 10 % 10));
                if (rest % 10 != 0) {
                    put((char) ('0' + rest % 10));
                }
            }
        }
    }

    /** A sample value: whole numbers and others of ordinary size plainly, the rest with an exponent. */
    void putNumber(double value) {
        if (value == (long) value
                && Math.abs(value) < EXACT_INTEGERS
                && Double.doubleToRawLongBits(value) != Long.MIN_VALUE) {
            putLong((long) value);
        } else {
            putGeneral(value, -6, 21);
        }
    }

    /** The shortest digits, with an exponent when the decimal exponent is below {@code from} or not below {@code to}. */
    void putGeneral(double value, int from, int to) {
        if (putSpecial(value)) {
            return;
        }
        long digits = decimal.digits();
        int count = digitCount(digits);
        int exponent = decimal.exponent() + count - 1;
        if (exponent < from || exponent >= to) {
            putExponentForm(digits, count, exponent);
        } else {
            putPlainForm(digits, count, decimal.exponent());
        }
    }

    // NaN, infinities and zeros; otherwise writes the sign and leaves the digits in decimal.
    private boolean putSpecial(double value) {
        if (Double.isNaN(value)) {
            put("NaN");
            return true;
        }
        if (Double.isInfinite(value)) {
            put(value > 0 ? "+Inf" : "-Inf");
            return true;
        }
        if (Double.doubleToRawLongBits(value) < 0) {
            put('-');
        }
        if (value != 0) {
            decimal.set(Math.abs(value));
        } else {
            decimal.setZero();
        }
        return false;
    }

    private void putExponentForm(long digits, int count, int exponent) {
        long power = POWERS_OF_TEN[count - 1];
        putDigits(digits / power, 1);
        if (count > 1) {
            put('.');
            putDigits(digits % power, count - 1);
        }
        put('e');
        put(exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        if (size < 10) {
            put('0');
        }
        putDigits(size);
    }

    private void putPlainForm(long digits, int count, int exponent) {
        int whole = count + exponent;
        if (exponent >= 0) {
            putDigits(digits, count);
            putZeros(exponent);
        } else if (whole > 0) {
            long power = POWERS_OF_TEN[-exponent];
            putDigits(digits / power, whole);
            put('.');
            putDigits(digits % power, -exponent);
        } else {
            put("0.");
            putZeros(-whole);
            putDigits(digits, count);
        }
    }

    private static int digitCount(long value) {
        int estimate = ((64 - Long.numberOfLeadingZeros(value | 1)) * 1233) >> 12;
        return value < POWERS_OF_TEN[estimate] ? Math.max(estimate, 1) : estimate + 1;
    }

    private static long[] powersOfTen() {
        long[] powers = new long[19];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }
}
