package io.emberwatch.rules.store;

/** The samples of a series that still grow: a Gorilla stream. Guarded by the lock of its series. */
final class OpenChunk {
    private final BitWriter bits = new BitWriter();
    private final XorBits window = new XorBits();
    private int count;
    private long start;
    private long end;
    private long lastDelta;
    private long lastValueBits;
    private long firstLogRow;

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    long firstLogRow() {
        return firstLogRow;
    }

    /** @param logRow the write-ahead row that will hold the sample, or one before it */
    void append(long timestampMillis, double value, long logRow) {
        long valueBits = Double.doubleToRawLongBits(value);
        if (count == 0) {
            start = timestampMillis;
            lastDelta = 0;
            firstLogRow = logRow;
            bits.write(valueBits, Long.SIZE);
        } else {
            long delta = timestampMillis - end;
            TimeBits.write(bits, delta - lastDelta);
            lastDelta = delta;
            window.write(bits, valueBits ^ lastValueBits);
        }
        lastValueBits = valueBits;
        end = timestampMillis;
        count++;
    }

    void readInto(Points points) {
        XorStream.read(bits.reader(), start, count, false, new Cut(points, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    /** The bytes of {@link XorStream}, without the samples' number. */
    byte[] toBytes() {
        return bits.toBytes();
    }

    int lengthInBytes() {
        return (bits.lengthInBits() + 7) / Byte.SIZE;
    }

    void reset() {
        bits.reset();
        window.reset();
        count = 0;
    }
}
