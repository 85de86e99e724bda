package io.emberwatch.rules.store;

/**
 * Turns a full open chunk into its smallest lasting form. Not safe for several threads; every appender has its own.
 *
 * <p>Bytes: the form (0 XOR, 1 XOR with linear prediction, 2 decimal), the number of samples, the stream.
 */
final class ChunkEncoder {
    /** The most samples of one chunk. */
    static final int CAPACITY = 120;

    static final int XOR = 0;
    static final int LINEAR = 1;
    static final int DECIMAL = 2;

    private static final int HEADER = 2;

    private final Points points = new Points();
    private final DecimalStream decimal = new DecimalStream(CAPACITY);
    private final BitWriter out = new BitWriter();

    Chunk seal(OpenChunk open) {
        return new Chunk(open.start(), open.end(), open.count(), encode(open), open.firstLogRow(), Chunk.State.UNSAVED);
    }

    private byte[] encode(OpenChunk open) {
        points.clear();
        open.readInto(points);
        if (decimal.prepare(points)) {
            begin(DECIMAL);
            decimal.write(out, points);
            if (isShorterThan(open)) {
                return out.toBytes();
            }
        }
        begin(LINEAR);
        XorStream.writeLinear(out, points);
        if (isShorterThan(open)) {
            return out.toBytes();
        }
        byte[] stream = open.toBytes();
        byte[] bytes = new byte[stream.length + HEADER];
        bytes[0] = XOR;
        bytes[1] = (byte) open.count();
        System.arraycopy(stream, 0, bytes, HEADER, stream.length);
        return bytes;
    }

    private boolean isShorterThan(OpenChunk open) {
        return out.lengthInBits() <= (open.lengthInBytes() + HEADER) * Byte.SIZE;
    }

    private void begin(int form) {
        out.clear();
        out.write(form, 8);
        out.write(points.size(), 8);
    }

    /**
     * Adds the points of a sealed chunk within bounds.
     *
     * @return false when the bytes cannot be those of a chunk; what was read until then may have been added
     */
    static boolean decode(byte[] data, long start, Cut cut) {
        BitReader in = new BitReader(data, data.length);
        int form = (int) in.read(8);
        int count = (int) in.read(8);
        if (count == 0 || count > CAPACITY) {
            return false;
        }
        switch (form) {
            case XOR -> XorStream.read(in, start, count, false, cut);
            case LINEAR -> XorStream.read(in, start, count, true, cut);
            case DECIMAL -> DecimalStream.read(in, start, count, cut);
            default -> {
                return false;
            }
        }
        return !in.isPastEnd();
    }
}
