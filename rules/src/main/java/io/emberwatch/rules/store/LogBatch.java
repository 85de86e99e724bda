package io.emberwatch.rules.store;

import java.util.Arrays;

/**
 * The samples of one commit as the write-ahead log keeps them: per sample the series id as the difference to the sample
 * before, the time likewise where it is another (the lowest bit of the id says so), and the value, short decimal numbers
 * in few bytes. Batches may follow one another in one row; zeros after them are padding.
 */
final class LogBatch {
    private static final int HEADER = Integer.BYTES;
    private static final int MAX_SAMPLE_LENGTH = 5 + 10 + 10;
    private static final double MAX_WHOLE = 1L << 53;

    private byte[] bytes = new byte[256];
    private int position = HEADER;
    private int count;
    private int lastId;
    private long lastMillis;

    void add(int seriesId, long timestampMillis, double value) {
        if (position + MAX_SAMPLE_LENGTH > bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        long step = zigzag(seriesId - (long) lastId) << 1;
        if (timestampMillis == lastMillis) {
            writeVarint(step);
        } else {
            writeVarint(step | 1);
            writeVarint(zigzag(timestampMillis - lastMillis));
        }
        writeValue(value);
        lastId = seriesId;
        lastMillis = timestampMillis;
        count++;
    }

    // The lowest bits tell the kind: 1 a whole number, 10 a number of thousandths, 00 the raw bits in eight more bytes.
    private void writeValue(double value) {
        long raw = Double.doubleToRawLongBits(value);
        long whole = (long) value;
        if (Math.abs(value) < MAX_WHOLE && Double.doubleToRawLongBits((double) whole) == raw) {
            writeVarint((zigzag(whole) << 1) | 1);
            return;
        }
        double scaled = value * 1000;
        long thousandths = (long) Math.rint(scaled);
        if (Math.abs(scaled) < MAX_WHOLE && Double.doubleToRawLongBits((double) thousandths / 1000) == raw) {
            writeVarint((zigzag(thousandths) << 2) | 2);
            return;
        }
        bytes[position++] = 0;
        BitWriter.LONG.set(bytes, position, raw);
        position += Long.BYTES;
    }

    private void writeVarint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[position++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[position++] = (byte) rest;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The batch as bytes, led by its number of samples; the batch is empty again afterwards. */
    byte[] take() {
        BitWriter.INT.set(bytes, 0, count);
        byte[] whole = Arrays.copyOf(bytes, position);
        clear();
        return whole;
    }

    void clear() {
        position = HEADER;
        count = 0;
        lastId = 0;
        lastMillis = 0;
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    /** Takes the samples of a row in their order. */
    @FunctionalInterface
    interface Visitor {
        void sample(int seriesId, long timestampMillis, double value);
    }

    /** How many samples a row of whole batches has. */
    static int samples(byte[] row) {
        int[] count = new int[1];
        read(row, (id, time, value) -> count[0]++);
        return count[0];
    }

    /**
     * Reads a row.
     *
     * @return false when its bytes are damaged; what came before the damage has been visited
     */
    static boolean read(byte[] row, Visitor visitor) {
        Cursor in = new Cursor(row);
        while (in.position + HEADER <= row.length) {
            int samples = in.count();
            long id = 0;
            long time = 0;
            for (int i = 0; i < samples; i++) {
                long step = in.varint();
                id += unzigzag(step >>> 1);
                time += (step & 1) == 0 ? 0 : unzigzag(in.varint());
                double value = in.value();
                if (in.position > row.length) {
                    return false;
                }
                visitor.sample((int) id, time, value);
            }
        }
        return in.position == row.length;
    }

    private static long unzigzag(long value) {
        return (value >>> 1) ^ -(value & 1);
    }

    private static final class Cursor {
        private final byte[] bytes;
        private int position;

        Cursor(byte[] bytes) {
            this.bytes = bytes;
        }

        int count() {
            int count = (int) BitWriter.INT.get(bytes, position);
            position += HEADER;
            return count;
        }

        long varint() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                byte group = next();
                value |= (group & 0x7fL) << shift;
                if (group >= 0) {
                    break;
                }
            }
            return value;
        }

        double value() {
            long number = varint();
            if ((number & 1) != 0) {
                return (double) unzigzag(number >>> 1);
            }
            if ((number & 2) != 0) {
                return (double) unzigzag(number >>> 2) / 1000;
            }
            if (position + Long.BYTES > bytes.length) {
                position = bytes.length + 1;
                return 0;
            }
            long raw = (long) BitWriter.LONG.get(bytes, position);
            position += Long.BYTES;
            return Double.longBitsToDouble(raw);
        }

        private byte next() {
            int at = position++;
            return at < bytes.length ? bytes[at] : 0;
        }
    }
}
