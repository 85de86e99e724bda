package io.emberwatch.rules.store;

/**
 * Floats as the XOR with a prediction (Pelkonen et al., "Gorilla", VLDB 2015, §4.1.2): one bit when the prediction
 * holds, else the bits that differ, in the window of the last value where they fit.
 *
 * <p>One instance carries the window of one stream, for writing or for reading.
 */
final class XorBits {
    private static final int LEADING_BITS = 5;
    private static final int LENGTH_BITS = 6;
    private static final int MAX_LEADING = (1 << LEADING_BITS) - 1;

    private int leading;
    private int length;

    void reset() {
        leading = 0;
        length = 0;
    }

    void write(BitWriter out, long xor) {
        if (xor == 0) {
            out.write(0, 1);
            return;
        }
        int newLeading = Math.min(MAX_LEADING, Long.numberOfLeadingZeros(xor));
        int trailing = Long.numberOfTrailingZeros(xor);
        int windowTrailing = Long.SIZE - leading - length;
        if (length > 0 && newLeading >= leading && trailing >= windowTrailing) {
            out.write(0b10, 2);
            out.write(xor >>> windowTrailing, length);
            return;
        }
        leading = newLeading;
        length = Long.SIZE - leading - trailing;
        out.write(0b11, 2);
        out.write(leading, LEADING_BITS);
        out.write(length - 1, LENGTH_BITS);
        out.write(xor >>> trailing, length);
    }

    long read(BitReader in) {
        long next = in.peek();
        if (next >= 0) {
            in.skip(1);
            return 0;
        }
        in.skip(2);
        if ((next & (1L << 62)) != 0) {
            leading = (int) in.read(LEADING_BITS);
            length = (int) in.read(LENGTH_BITS) + 1;
        }
        // Damaged bytes may ask for an empty window or one wider than a value; the chunk's length check finds them out.
        int trailing = Math.max(0, Long.SIZE - leading - length);
        return in.read(Math.max(1, length)) << trailing;
    }
}
