package io.emberwatch.model.text;

/** The well-formed byte sequences of UTF-8 (Unicode 15, table 3-7). */
final class Utf8 {
    private Utf8() {}

    /** The index of the first byte in {@code from..to} that is not part of a well-formed sequence, or -1. */
    static int firstInvalid(byte[] text, int from, int to) {
        int at = from;
        while (at < to) {
            if (text[at] >= 0) {
                at++;
                continue;
            }
            int length = sequenceLength(text, at, to);
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return -1;
    }

    // 0 when the sequence that begins here is malformed.
    private static int sequenceLength(byte[] text, int at, int to) {
        int lead = text[at] & 0xff;
        int second = at + 1 < to ? text[at + 1] & 0xff : 0;
        if (lead >= 0xc2 && lead <= 0xdf) {
            return second >> 6 == 2 ? 2 : 0;
        }
        if (lead >= 0xe0 && lead <= 0xef) {
            int least = lead == 0xe0 ? 0xa0 : 0x80;
            int most = lead == 0xed ? 0x9f : 0xbf;
            return second >= least && second <= most && continues(text, at + 2, to) ? 3 : 0;
        }
        if (lead >= 0xf0 && lead <= 0xf4) {
            int least = lead == 0xf0 ? 0x90 : 0x80;
            int most = lead == 0xf4 ? 0x8f : 0xbf;
            boolean well = second >= least && second <= most;
            return well && continues(text, at + 2, to) && continues(text, at + 3, to) ? 4 : 0;
        }
        return 0;
    }

    private static boolean continues(byte[] text, int at, int to) {
        return at < to && (text[at] & 0xc0) == 0x80;
    }

    /** The number of code points in well-formed text. */
    static int codePoints(byte[] text, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            if ((text[i] & 0xc0) != 0x80) {
                count++;
            }
        }
        return count;
    }
}
