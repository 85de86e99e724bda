package io.emberwatch.exporter.lineprotocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads a line that looks like those before it: a series that is known, with the fields that are expected next, plain
 * decimals or integers, and a timestamp or none. Such a line has been found valid before but for its numbers, so that
 * nothing else has to be looked at. Whatever is different in any way is left to the strict scanner. Not safe for several
 * threads.
 */
final class KnownLine {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long ABOVE_SPACES = (' ' + 1) * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long ZEROS = '0' * ONES;
    private static final long LOW_BITS = ~HIGH_BITS;
    /** What lifts ten, and not nine, into the high bit. */
    private static final long ABOVE_NINE = (0x80 - 10) * ONES;

    private static final int EIGHT_DIGITS = 100_000_000;
    private static final int MOST_DIGITS = 18;
    private static final int MOST_TIME_DIGITS = 19;
    private static final long EXACT_INTEGERS = 1L << 53;
    private static final double[] POWERS_OF_TEN = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18
    };

    final double[] values = new double[Long.SIZE];
    int fieldCount;
    int seriesEnd;
    int fieldsEnd;
    int end;
    boolean hasTimestamp;
    long timestamp;
    private byte[] in = new byte[0];
    private int to;

    /**
     * Finds where the series of the line at {@code from} ends.
     *
     * @return whether the line can be one that is known, as far as it has been looked at
     */
    boolean begin(byte[] text, int from, int limit) {
        in = text;
        to = limit;
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long word = (long) LONGS.get(in, i);
            // Below a space stand the line feed and control characters, whose lines are left to the strict scanner.
            long found = ((word - ABOVE_SPACES) & ~word & HIGH_BITS) | zeroBytes(word ^ BACKSLASHES);
            if (found != 0) {
                i += Long.numberOfTrailingZeros(found) / Byte.SIZE;
                seriesEnd = i;
                return i > from && in[i] == ' ';
            }
        }
        while (i < to && (in[i] > ' ' || in[i] < 0) && in[i] != '\\') {
            i++;
        }
        seriesEnd = i;
        return i > from && i < to && in[i] == ' ';
    }

    /** Goes on with a line whose series is known to end there. */
    void resume(byte[] text, int end, int limit) {
        in = text;
        to = limit;
        seriesEnd = end;
    }

    // The lowest marked byte is a zero byte; those above it may be marked wrongly.
    private static long zeroBytes(long word) {
        return (word - ONES) & ~word & HIGH_BITS;
    }

    /** Reads the rest of the line; whether it is one that is known. */
    boolean read(LineSeries series) {
        int i = seriesEnd + 1;
        int field = 0;
        while (true) {
            int keyEnd = series.layout.keyEnd(field, in, i, to);
            if (keyEnd < 0 || (series.live & (1L << field)) == 0) {
                return false;
            }
            i = number(field, keyEnd + 1);
            if (i < 0) {
                return false;
            }
            field++;
            if (i == to || in[i] != ',') {
                break;
            }
            if (field == Long.SIZE) {
                return false;
            }
            i++;
        }
        fieldCount = field;
        fieldsEnd = i;
        return readTimestamp(i);
    }

    // The high bit of every byte that is no digit, where the digits are bytes from 0 to 9.
    private static long noDigits(long digits) {
        return (((digits & LOW_BITS) + ABOVE_NINE) | digits) & HIGH_BITS;
    }

    // Eight digits, the first in the lowest byte: pairs of them, then pairs of pairs, then all.
    private static long number(long digits) {
        long pairs = (digits * (1 + (10L << 8))) >>> 8;
        long fours = ((pairs & 0x00ff_00ff_00ff_00ffL) * (1 + (100L << 16))) >>> 16;
        return ((fours & 0x0000_ffff_0000_ffffL) * (1 + (10_000L << 32))) >>> 32;
    }

    /** Reads the value of a field; returns the offset behind it, or -1. */
    private int number(int field, int from) {
        int i = from;
        boolean negative = i < to && in[i] == '-';
        if (negative) {
            i++;
        }
        if (i + Long.BYTES <= to) {
            int behind = shortNumber(field, i, negative);
            if (behind >= 0) {
                return behind;
            }
        }
        return number(field, i, negative);
    }

    /** Reads a value that ends within eight bytes, without a step for each of them; -1 when it is none. */
    private int shortNumber(int field, int from, boolean negative) {
        long digits = (long) LONGS.get(in, from) ^ ZEROS;
        long others = noDigits(digits);
        if (others == 0) {
            return -1;
        }
        // Positions in bits: of the first byte that is no digit, and of the one that ends the number.
        int point = Long.numberOfTrailingZeros(others) & -Byte.SIZE;
        int end = point;
        int scale = 0;
        byte c = in[from + point / Byte.SIZE];
        if (c == '.') {
            long behindPoint = others & (others - 1);
            end = Long.numberOfTrailingZeros(behindPoint) & -Byte.SIZE;
            if (behindPoint == 0 || end == Byte.SIZE) {
                return -1;
            }
            scale = (end - point) / Byte.SIZE - 1;
            long before = (1L << point) - 1;
            digits = (digits & before) | ((digits >>> Byte.SIZE) & ~before);
            digits <<= Long.SIZE + Byte.SIZE - end;
        } else if (point == 0) {
            return -1;
        } else {
            digits <<= Long.SIZE - point;
            end = c == 'i' ? point + Byte.SIZE : point;
        }
        int behind = from + end / Byte.SIZE;
        if (behind > to || (behind < to && in[behind] != ',' && in[behind] != ' ' && in[behind] != '\n')) {
            return -1;
        }
        long exact = number(digits);
        double magnitude = scale == 0 ? exact : exact / POWERS_OF_TEN[scale];
        values[field] = negative ? -magnitude : magnitude;
        return behind;
    }

    private int number(int field, int from, boolean negative) {
        int i = from;
        int first = i;
        long digits = 0;
        while (i < to && in[i] >= '0' && in[i] <= '9') {
            digits = 10 * digits + (in[i++] - '0');
        }
        int count = i - first;
        int scale = 0;
        if (i < to && in[i] == '.') {
            int point = ++i;
            while (i < to && in[i] >= '0' && in[i] <= '9') {
                digits = 10 * digits + (in[i++] - '0');
            }
            scale = i - point;
            count += scale;
        } else if (i < to && in[i] == 'i') {
            i++;
        }
        if (count == 0 || count > MOST_DIGITS || digits > EXACT_INTEGERS) {
            return -1;
        }
        if (i < to && in[i] != ',' && in[i] != ' ' && in[i] != '\n') {
            return -1;
        }
        // Both are exact, so the one rounding of the quotient is the right one.
        double magnitude = scale == 0 ? digits : digits / POWERS_OF_TEN[scale];
        values[field] = negative ? -magnitude : magnitude;
        return i;
    }

    private boolean readTimestamp(int from) {
        int i = from;
        hasTimestamp = i < to && in[i] == ' ';
        if (hasTimestamp) {
            int first = ++i;
            long value = 0;
            for (int eights = 0; eights < 2 && i + Long.BYTES <= to; eights++) {
                long digits = (long) LONGS.get(in, i) ^ ZEROS;
                if (noDigits(digits) != 0) {
                    break;
                }
                value = EIGHT_DIGITS * value + number(digits);
                i += Long.BYTES;
            }
            while (i < to && in[i] >= '0' && in[i] <= '9') {
                value = 10 * value + (in[i++] - '0');
            }
            int count = i - first;
            // 19 digits that do not fit show as a negative number.
            if (count == 0 || count > MOST_TIME_DIGITS || value < 0) {
                return false;
            }
            timestamp = value;
        }
        end = i + 1;
        return i == to || in[i] == '\n';
    }
}
