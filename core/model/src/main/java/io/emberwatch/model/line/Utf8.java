package io.emberwatch.model.line;

/** Checks UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {
    private Utf8() {}

    static boolean isValid(byte[] text, int from, int to) {
        int i = from;
        while (i < to) {
            int lead = text[i++];
            if (lead >= 0) {
                continue;
            }
            lead &= 0xff;
            int low = 0x80;
            int high = 0xbf;
            int more;
            if (lead >= 0xc2 && lead <= 0xdf) {
                more = 1;
            } else if (lead >= 0xe0 && lead <= 0xef) {
                more = 2;
                if (lead == 0xe0) {
                    low = 0xa0;
                } else if (lead == 0xed) {
                    high = 0x9f;
                }
            } else if (lead >= 0xf0 && lead <= 0xf4) {
                more = 3;
                if (lead == 0xf0) {
                    low = 0x90;
                } else if (lead == 0xf4) {
                    high = 0x8f;
                }
            } else {
                return false;
            }
            if (to - i < more) {
                return false;
            }
            for (; more > 0; more--) {
                int next = text[i++] & 0xff;
                if (next < low || next > high) {
                    return false;
                }
                low = 0x80;
                high = 0xbf;
            }
        }
        return true;
    }
}
