package io.emberwatch.rules.store;

/**
 * A chunk as a Gorilla stream: the first value in full, then time and value of each sample in turn. With {@code linear}
 * a value is predicted by the straight line through the last two, which turns ramps into nothing; without, by the last.
 */
final class XorStream {
    private XorStream() {}

    static void read(BitReader in, long start, int count, boolean linear, Cut cut) {
        XorBits.Reader differences = new XorBits.Reader(in);
        long time = start;
        long delta = 0;
        long valueBits = in.read(Long.SIZE);
        double value = Double.longBitsToDouble(valueBits);
        double previous = value;
        cut.add(time, value);
        for (int i = 1; i < count && time <= cut.maxt(); i++) {
            delta += TimeBits.read(in);
            time += delta;
            long prediction = linear ? predict(previous, value) : valueBits;
            valueBits = prediction ^ differences.next();
            previous = value;
            value = Double.longBitsToDouble(valueBits);
            cut.add(time, value);
        }
    }

    /** Writes {@code points} with linear prediction. */
    static void writeLinear(BitWriter out, Points points) {
        int window = XorBits.NO_WINDOW;
        double value = points.value(0);
        double previous = value;
        long delta = 0;
        out.write(Double.doubleToRawLongBits(value), Long.SIZE);
        for (int i = 1; i < points.size(); i++) {
            long newDelta = points.timestamp(i) - points.timestamp(i - 1);
            TimeBits.write(out, newDelta - delta);
            delta = newDelta;
            long xor = Double.doubleToRawLongBits(points.value(i)) ^ predict(previous, value);
            window = XorBits.write(out, xor, window);
            previous = value;
            value = points.value(i);
        }
    }

    // The bits of a NaN that comes out of arithmetic are not defined by the language, so none takes part in it.
    private static long predict(double beforeLast, double last) {
        double line = last + (last - beforeLast);
        return Double.doubleToRawLongBits(Double.isNaN(line) ? last : line);
    }
}
