package io.emberwatch.model.text;

import java.math.BigInteger;

/**
 * The shortest decimal that reads back as a given double, and the closest to it among those of that length.
 *
 * <p>After R. Giulietti, "The Schubfach way to render doubles" (2020). JDK 17's {@link Double#toString(double)} is
 * neither always shortest nor always closest (JDK-4511638). An instance is scratch space for one thread.
 */
final class ShortestDecimal {
    private static final int MANTISSA_BITS = 52;
    private static final long MANTISSA_MASK = (1L << MANTISSA_BITS) - 1;
    private static final int LEAST_BINARY_EXPONENT = -1074;
    private static final long MASK_63 = Long.MAX_VALUE;
    private static final long EXACT_INTEGERS = 1L << 53;

    private long digits;
    private int exponent;

    /** The significant digits as an integer without trailing zeros, at most 17 of them. */
    long digits() {
        return digits;
    }

    /** The power of ten that {@link #digits} is multiplied with. */
    int exponent() {
        return exponent;
    }

    void setZero() {
        digits = 0;
        exponent = 0;
    }

    /** Takes a finite positive number. */
    void set(double value) {
        if (value < EXACT_INTEGERS && value == (long) value) {
            keep((long) value, 0);
        } else if (!setShort(value)) {
            long bits = Double.doubleToRawLongBits(value);
            int biased = (int) (bits >>> MANTISSA_BITS);
            long mantissa = bits & MANTISSA_MASK;
            if (biased == 0) {
                search(mantissa, LEAST_BINARY_EXPONENT, false);
            } else {
                search(
                        mantissa | (1L << MANTISSA_BITS),
                        biased - 1 + LEAST_BINARY_EXPONENT,
                        mantissa == 0 && biased > 1);
            }
        }
    }

    // A decimal of at most 15 digits that reads back equal is the only one of its length, hence the shortest.
    private boolean setShort(double value) {
        if (value >= 1e9 || value < 1e-3) {
            return false;
        }
        double thousands = Math.rint(value * 1e3);
        if (thousands / 1e3 == value) {
            keep((long) thousands, -3);
            return true;
        }
        double millions = Math.rint(value * 1e6);
        if (millions < 1e15 && millions / 1e6 == value) {
            keep((long) millions, -6);
            return true;
        }
        return false;
    }

    // mantissa * 2^binary; with asymmetric bounds the number below is half as far away as the one above.
    private void search(long mantissa, int binary, boolean asymmetric) {
        long odd = mantissa & 1;
        long value = mantissa << 2;
        long upper = value + 2;
        long lower = asymmetric ? value - 1 : value - 2;
        int decimal = asymmetric ? floorLog10ThreeQuartersPow2(binary) : floorLog10Pow2(binary);
        int shift = binary + floorLog2Pow10(-decimal) + 2;
        long high = Powers.high(decimal);
        long low = Powers.low(decimal);
        long scaled = roundToOdd(high, low, value << shift);
        long scaledLower = roundToOdd(high, low, lower << shift) + odd;
        long scaledUpper = roundToOdd(high, low, upper << shift) - odd;

        long below = scaled >> 2;
        if (below >= 10) {
            long shorter = below / 10 * 10;
            boolean shorterFits = scaledLower <= shorter << 2;
            boolean longerFits = (shorter + 10) << 2 <= scaledUpper;
            if (shorterFits != longerFits) {
                keep(shorterFits ? shorter : shorter + 10, decimal);
                return;
            }
        }
        long above = below + 1;
        boolean belowFits = scaledLower <= below << 2;
        boolean aboveFits = above << 2 <= scaledUpper;
        if (belowFits != aboveFits) {
            keep(belowFits ? below : above, decimal);
            return;
        }
        long toMiddle = scaled - ((below + above) << 1);
        keep(toMiddle < 0 || (toMiddle == 0 && (below & 1) == 0) ? below : above, decimal);
    }

    private void keep(long significand, int power) {
        long rest = significand;
        int tens = power;
        while (rest != 0 && rest % 10 == 0) {
            rest /= 10;
            tens++;
        }
        digits = rest;
        exponent = tens;
    }

    // The product of a 126-bit power and a 63-bit factor over 2^127, rounded to odd.
    private static long roundToOdd(long high, long low, long factor) {
        long carry = Math.multiplyHigh(low, factor);
        long bottom = high * factor;
        long top = Math.multiplyHigh(high, factor);
        long middle = (bottom >>> 1) + carry;
        long sticky = ((middle & MASK_63) + MASK_63) >>> 63;
        return (top + (middle >>> 63)) | sticky;
    }

    static int floorLog10Pow2(int power) {
        return (int) ((power * 661_971_961_083L) >> 41);
    }

    static int floorLog10ThreeQuartersPow2(int power) {
        return (int) ((power * 661_971_961_083L - 274_743_187_321L) >> 41);
    }

    static int floorLog2Pow10(int power) {
        return (int) ((power * 913_124_641_741L) >> 38);
    }

    /** 10<sup>-k</sup> as 126 significant bits, rounded up, in a high and a low half of 63 bits. */
    private static final class Powers {
        private static final int LEAST = -324;
        private static final int GREATEST = 292;
        private static final long[] HALVES = halves();

        private Powers() {}

        static long high(int k) {
            return HALVES[(k - LEAST) << 1];
        }

        static long low(int k) {
            return HALVES[((k - LEAST) << 1) + 1];
        }

        private static long[] halves() {
            long[] halves = new long[(GREATEST - LEAST + 1) * 2];
            BigInteger power = BigInteger.ONE;
            for (int k = 0; k >= LEAST; k--) {
                int surplus = power.bitLength() - 126;
                put(
                        halves,
                        k,
                        (surplus > 0 ? power.shiftRight(surplus) : power.shiftLeft(-surplus)).add(BigInteger.ONE));
                power = power.multiply(BigInteger.TEN);
            }
            BigInteger divisor = BigInteger.ONE;
            for (int k = 1; k <= GREATEST; k++) {
                divisor = divisor.multiply(BigInteger.TEN);
                BigInteger inverse =
                        BigInteger.ONE.shiftLeft(125 + divisor.bitLength()).divide(divisor);
                put(halves, k, inverse.add(BigInteger.ONE));
            }
            return halves;
        }

        private static void put(long[] halves, int k, BigInteger power) {
            halves[(k - LEAST) << 1] = power.shiftRight(63).longValueExact();
            halves[((k - LEAST) << 1) + 1] = power.longValue() & MASK_63;
        }
    }
}
