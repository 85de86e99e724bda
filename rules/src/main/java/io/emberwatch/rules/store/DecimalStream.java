package io.emberwatch.rules.store;

/**
 * A chunk whose values are short decimal numbers, as most are that a program prints: each value is a whole number over
 * a power of ten that all share, and the whole numbers are stored as Rice-coded differences. Counters, byte counts and
 * percentages take a third to a half of what XOR takes.
 *
 * <p>Layout after the exponent byte: a byte of flags and shift, the Rice parameter, the interval of the timestamps when
 * all are equal, exceptions (NaN, infinities, negative zero, values that are no short decimals), the first number, then
 * per sample its time (unless regular) and its difference.
 */
final class DecimalStream {
    /** Above this many exceptions XOR is the better form. */
    static final int MAX_EXCEPTIONS = 8;

    private static final int MAX_EXPONENT = 15;
    private static final double MAX_WHOLE = 1L << 53;
    private static final int REGULAR = 0x80;
    private static final int SECOND_ORDER = 0x40;
    private static final int SHIFT = 0x3f;
    private static final int MAX_QUOTIENT = 20;
    private static final double[] POWERS = powers();

    private final int[] exceptions = new int[MAX_EXCEPTIONS];
    private final long[] wholes;
    private final long[] differences;
    private int exceptionCount;
    private int exponent;

    /** @param capacity the most samples a chunk may have */
    DecimalStream(int capacity) {
        wholes = new long[capacity];
        differences = new long[capacity];
    }

    private static double[] powers() {
        double[] powers = new double[MAX_EXPONENT + 1];
        double power = 1;
        for (int i = 0; i <= MAX_EXPONENT; i++) {
            powers[i] = power;
            power *= 10;
        }
        return powers;
    }

    /** Whether the points can be written in this form; must come before {@link #write}. */
    boolean prepare(Points points) {
        exponent = 0;
        exceptionCount = 0;
        int count = points.size();
        for (int i = 0; i < count; i++) {
            int needed = exponentOf(points.value(i), exponent);
            if (needed > exponent) {
                exponent = needed;
            } else if (needed < 0 && ++exceptionCount > MAX_EXCEPTIONS) {
                return false;
            }
        }
        // A larger exponent may put out of range what fitted a smaller one, so the numbers come in a second pass.
        exceptionCount = 0;
        long last = 0;
        for (int i = 0; i < count; i++) {
            if (fits(points.value(i), exponent)) {
                last = whole(points.value(i), exponent);
            } else if (exceptionCount == MAX_EXCEPTIONS) {
                return false;
            } else {
                exceptions[exceptionCount++] = i;
            }
            wholes[i] = last;
        }
        return true;
    }

    private static int exponentOf(double value, int from) {
        for (int e = from; e <= MAX_EXPONENT; e++) {
            if (fits(value, e)) {
                return e;
            }
        }
        return -1;
    }

    private static boolean fits(double value, int exponent) {
        double scaled = value * POWERS[exponent];
        if (!(Math.abs(scaled) < MAX_WHOLE)) {
            return false;
        }
        double back = (double) (long) Math.rint(scaled) / POWERS[exponent];
        return Double.doubleToRawLongBits(back) == Double.doubleToRawLongBits(value);
    }

    private static long whole(double value, int exponent) {
        return (long) Math.rint(value * POWERS[exponent]);
    }

    /** Writes the prepared points. */
    void write(BitWriter out, Points points) {
        int count = points.size();
        long interval = interval(points);
        boolean secondOrder = cost(count, true) < cost(count, false);
        difference(count, secondOrder);
        int shift = shift(count);
        int rice = rice(count, shift);
        out.write(exponent, 8);
        out.write((interval > 0 ? REGULAR : 0) | (secondOrder ? SECOND_ORDER : 0) | shift, 8);
        out.write(rice, 8);
        if (interval > 0) {
            out.writeVarint(interval);
        }
        out.writeVarint(exceptionCount);
        for (int i = 0; i < exceptionCount; i++) {
            out.writeVarint(exceptions[i]);
            out.write(Double.doubleToRawLongBits(points.value(exceptions[i])), Long.SIZE);
        }
        out.writeVarint(zigzag(wholes[0]));
        long delta = 0;
        for (int i = 1; i < count; i++) {
            if (interval <= 0) {
                long newDelta = points.timestamp(i) - points.timestamp(i - 1);
                TimeBits.write(out, newDelta - delta);
                delta = newDelta;
            }
            writeRice(out, zigzag(differences[i] >> shift), rice);
        }
    }

    // A plain sum of lengths is close enough to choose between the two orders.
    private long cost(int count, boolean secondOrder) {
        difference(count, secondOrder);
        long bits = 0;
        for (int i = 1; i < count; i++) {
            bits += Long.SIZE - Long.numberOfLeadingZeros(zigzag(differences[i]));
        }
        return bits;
    }

    private void difference(int count, boolean secondOrder) {
        long delta = 0;
        for (int i = 1; i < count; i++) {
            long newDelta = wholes[i] - wholes[i - 1];
            differences[i] = secondOrder ? newDelta - delta : newDelta;
            delta = newDelta;
        }
    }

    private int shift(int count) {
        long all = 0;
        for (int i = 1; i < count; i++) {
            all |= differences[i];
        }
        return all == 0 ? 0 : Math.min(SHIFT, Long.numberOfTrailingZeros(all));
    }

    private int rice(int count, int shift) {
        double sum = 0;
        for (int i = 1; i < count; i++) {
            sum += (double) zigzag(differences[i] >> shift);
        }
        double mean = count > 1 ? sum / (count - 1) : 0;
        int guess = Math.min(60, mean < 1 ? 0 : Math.getExponent(mean));
        int best = guess;
        long bestBits = Long.MAX_VALUE;
        for (int k = Math.max(0, guess - 2); k <= guess + 1; k++) {
            long bits = 0;
            for (int i = 1; i < count; i++) {
                bits += riceBits(zigzag(differences[i] >> shift), k);
            }
            if (bits < bestBits) {
                best = k;
                bestBits = bits;
            }
        }
        return best;
    }

    private static long riceBits(long value, int k) {
        long quotient = value >>> k;
        return quotient < MAX_QUOTIENT ? quotient + 1 + k : MAX_QUOTIENT + Long.SIZE;
    }

    private static void writeRice(BitWriter out, long value, int k) {
        long quotient = value >>> k;
        if (quotient < MAX_QUOTIENT) {
            int ones = (int) quotient;
            out.write((1L << (ones + 1)) - 2, ones + 1);
            out.write(value & ((1L << k) - 1), k);
        } else {
            out.write((1L << MAX_QUOTIENT) - 1, MAX_QUOTIENT);
            out.write(value, Long.SIZE);
        }
    }

    private static long readRice(BitReader in, int k) {
        int ones = Long.numberOfLeadingZeros(~in.peek());
        if (ones >= MAX_QUOTIENT) {
            in.skip(MAX_QUOTIENT);
            return in.read(Long.SIZE);
        }
        in.skip(ones + 1);
        return k == 0 ? ones : ((long) ones << k) | in.read(k);
    }

    /** The interval when all timestamps are equally far apart, else 0. */
    private static long interval(Points points) {
        if (points.size() < 2) {
            return 0;
        }
        long interval = points.timestamp(1) - points.timestamp(0);
        for (int i = 2; i < points.size(); i++) {
            if (points.timestamp(i) - points.timestamp(i - 1) != interval) {
                return 0;
            }
        }
        return interval;
    }

    static void read(BitReader in, long start, int count, Cut cut) {
        double divisor = POWERS[Math.min(MAX_EXPONENT, (int) in.read(8))];
        int flags = (int) in.read(8);
        int shift = flags & SHIFT;
        boolean secondOrder = (flags & SECOND_ORDER) != 0;
        int rice = Math.min(62, (int) in.read(8));
        long interval = (flags & REGULAR) != 0 ? in.readVarint() : 0;
        int exceptionCount = (int) Math.max(0, Math.min(MAX_EXCEPTIONS, in.readVarint()));
        int[] exceptions = new int[exceptionCount + 1];
        double[] exceptional = new double[exceptionCount];
        exceptions[exceptionCount] = Integer.MAX_VALUE;
        for (int i = 0; i < exceptionCount; i++) {
            exceptions[i] = (int) in.readVarint();
            exceptional[i] = Double.longBitsToDouble(in.read(Long.SIZE));
        }
        int exception = 0;
        long whole = unzigzag(in.readVarint());
        long delta = 0;
        long step = interval;
        long time = start;
        for (int i = 0; i < count && time <= cut.maxt(); i++) {
            if (i > 0) {
                if (interval == 0) {
                    step += TimeBits.read(in);
                }
                time += step;
                long difference = unzigzag(readRice(in, rice)) << shift;
                delta = secondOrder ? delta + difference : difference;
                whole += delta;
            }
            if (i == exceptions[exception]) {
                cut.add(time, exceptional[exception++]);
            } else {
                cut.add(time, (double) whole / divisor);
            }
        }
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    private static long unzigzag(long value) {
        return (value >>> 1) ^ -(value & 1);
    }
}
