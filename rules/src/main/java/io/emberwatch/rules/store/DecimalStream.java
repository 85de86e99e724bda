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
    private final long[] codes;
    private int exceptionCount;
    private int exponent;

    /** @param capacity the most samples a chunk may have */
    DecimalStream(int capacity) {
        wholes = new long[capacity];
        codes = new long[capacity];
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
        int from = 0;
        do {
            // A larger exponent may put out of range what fitted a smaller one, so each starts from the first value.
            exponent = from;
            from = convert(points);
        } while (from > exponent);
        return from == exponent;
    }

    /** Fills the whole numbers; returns the exponent itself, a larger one that is needed, or -1 when none will do. */
    private int convert(Points points) {
        double power = POWERS[exponent];
        exceptionCount = 0;
        long last = 0;
        for (int i = 0; i < points.size(); i++) {
            double value = points.value(i);
            if (fits(value, power)) {
                last = (long) Math.rint(value * power);
            } else {
                int needed = largerExponent(value);
                if (needed > 0) {
                    return needed;
                }
                if (exceptionCount == MAX_EXCEPTIONS) {
                    return -1;
                }
                exceptions[exceptionCount++] = i;
            }
            wholes[i] = last;
        }
        return exponent;
    }

    private int largerExponent(double value) {
        for (int e = exponent + 1; e <= MAX_EXPONENT; e++) {
            if (fits(value, POWERS[e])) {
                return e;
            }
        }
        return -1;
    }

    private static boolean fits(double value, double power) {
        double scaled = value * power;
        if (!(Math.abs(scaled) < MAX_WHOLE)) {
            return false;
        }
        double back = (double) (long) Math.rint(scaled) / power;
        return Double.doubleToRawLongBits(back) == Double.doubleToRawLongBits(value);
    }

    /** Writes the prepared points. */
    void write(BitWriter out, Points points) {
        int count = points.size();
        long interval = interval(points);
        boolean secondOrder = isSecondOrderShorter(count);
        int shift = difference(count, secondOrder);
        int rice = rice(count);
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
            writeRice(out, codes[i], rice);
        }
    }

    // A plain sum of lengths is close enough to choose between the two orders.
    private boolean isSecondOrderShorter(int count) {
        long delta = 0;
        long first = 0;
        long second = 0;
        for (int i = 1; i < count; i++) {
            long newDelta = wholes[i] - wholes[i - 1];
            first += Long.SIZE - Long.numberOfLeadingZeros(zigzag(newDelta));
            second += Long.SIZE - Long.numberOfLeadingZeros(zigzag(newDelta - delta));
            delta = newDelta;
        }
        return second < first;
    }

    /** Fills the codes with differences, without the zero bits that all end in; returns the number of those. */
    private int difference(int count, boolean secondOrder) {
        long delta = 0;
        long all = 0;
        for (int i = 1; i < count; i++) {
            long newDelta = wholes[i] - wholes[i - 1];
            codes[i] = secondOrder ? newDelta - delta : newDelta;
            all |= codes[i];
            delta = newDelta;
        }
        int shift = all == 0 ? 0 : Math.min(SHIFT, Long.numberOfTrailingZeros(all));
        for (int i = 1; i < count; i++) {
            codes[i] = zigzag(codes[i] >> shift);
        }
        return shift;
    }

    private int rice(int count) {
        double sum = 0;
        for (int i = 1; i < count; i++) {
            sum += (double) codes[i];
        }
        double mean = count > 1 ? sum / (count - 1) : 0;
        int high = Math.min(60, mean < 1 ? 0 : Math.getExponent(mean));
        int low = Math.max(0, high - 1);
        long highBits = 0;
        long lowBits = 0;
        for (int i = 1; i < count; i++) {
            highBits += riceBits(codes[i], high);
            lowBits += riceBits(codes[i], low);
        }
        return lowBits < highBits ? low : high;
    }

    private static long riceBits(long value, int k) {
        long quotient = value >>> k;
        return quotient < MAX_QUOTIENT ? quotient + 1 + k : MAX_QUOTIENT + Long.SIZE;
    }

    private static void writeRice(BitWriter out, long value, int k) {
        long quotient = value >>> k;
        if (quotient < MAX_QUOTIENT) {
            int ones = (int) quotient;
            long prefix = (1L << (ones + 1)) - 2;
            if (ones + 1 + k <= Long.SIZE) {
                out.write((prefix << k) | (value & ((1L << k) - 1)), ones + 1 + k);
            } else {
                out.write(prefix, ones + 1);
                out.write(value & ((1L << k) - 1), k);
            }
        } else {
            out.write((1L << MAX_QUOTIENT) - 1, MAX_QUOTIENT);
            out.write(value, Long.SIZE);
        }
    }

    private static long readRice(BitReader in, int k) {
        long next = in.peek();
        int ones = Long.numberOfLeadingZeros(~next);
        if (ones >= MAX_QUOTIENT) {
            in.skip(MAX_QUOTIENT);
            return in.read(Long.SIZE);
        }
        int length = ones + 1 + k;
        if (length <= Long.SIZE) {
            in.skip(length);
            long low = k == 0 ? 0 : (next << (ones + 1)) >>> (Long.SIZE - k);
            return ((long) ones << k) | low;
        }
        in.skip(ones + 1);
        return ((long) ones << k) | in.read(k);
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
