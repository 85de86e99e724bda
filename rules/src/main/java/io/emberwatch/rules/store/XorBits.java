package io.emberwatch.rules.store;

/**
 * Floats as the XOR with a prediction (Pelkonen et al., "Gorilla", VLDB 2015, §4.1.2): one bit when the prediction
 * holds, else the bits that differ, in the window of the last value where they fit.
 *
 * <p>The window is two numbers in one, so that whoever writes can keep it without an object: the leading zeros, and the
 * length in the lowest seven bits. It begins as {@link #NO_WINDOW}.
 */
final class XorBits {
    static final int NO_WINDOW = 0;

    private static final int LEADING_BITS = 5;
    private static final int LENGTH_BITS = 6;
    private static final int MAX_LEADING = (1 << LEADING_BITS) - 1;
    private static final int LENGTH_MASK = 0x7f;
    private static final int LENGTH_FIELD = 7;

    private XorBits() {}

    /** Writes one value; returns the window for the next. */
    static int write(BitWriter out, long xor, int window) {
        if (xor == 0) {
            out.write(0, 1);
            return window;
        }
        int leading = Math.min(MAX_LEADING, Long.numberOfLeadingZeros(xor));
        int trailing = Long.numberOfTrailingZeros(xor);
        int length = window & LENGTH_MASK;
        int windowLeading = window >>> LENGTH_FIELD;
        int windowTrailing = Long.SIZE - windowLeading - length;
        if (length > 0 && leading >= windowLeading && trailing >= windowTrailing) {
            out.write(0b10, 2);
            out.write(xor >>> windowTrailing, length);
            return window;
        }
        length = Long.SIZE - leading - trailing;
        out.write((((0b11L << LEADING_BITS) | leading) << LENGTH_BITS) | (length - 1), 2 + LEADING_BITS + LENGTH_BITS);
        out.write(xor >>> trailing, length);
        return (leading << LENGTH_FIELD) | length;
    }

    /** Reads the values of one stream. */
    static final class Reader {
        private final BitReader in;
        private int trailing;
        private int length = 1;

        Reader(BitReader in) {
            this.in = in;
        }

        long next() {
            long next = in.peek();
            if (next >= 0) {
                in.skip(1);
                return 0;
            }
            in.skip(2);
            if ((next & (1L << 62)) != 0) {
                int leading = (int) in.read(LEADING_BITS);
                length = (int) in.read(LENGTH_BITS) + 1;
                // Damaged bytes may ask for a window wider than a value; the length of the chunk finds them out.
                trailing = Math.max(0, Long.SIZE - leading - length);
            }
            return in.read(length) << trailing;
        }
    }
}
