package io.emberwatch.rules.store;

/** The newest samples of a series: an {@link XorStream} that still grows. Guarded by the lock of its series. */
final class OpenChunk extends BitWriter {
    private int window;
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
            write(valueBits, Long.SIZE);
        } else {
            long delta = timestampMillis - end;
            TimeBits.write(this, delta - lastDelta);
            lastDelta = delta;
            window = XorBits.write(this, valueBits ^ lastValueBits, window);
        }
        lastValueBits = valueBits;
        end = timestampMillis;
        count++;
    }

    void readInto(Points points) {
        XorStream.read(reader(), start, count, false, new Cut(points, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    void reset() {
        release();
        window = XorBits.NO_WINDOW;
        count = 0;
    }
}
