package io.emberwatch.model.text;

import java.nio.charset.StandardCharsets;

/**
 * Makes strings of byte slices, the same string for the same short text where it can: names and values of labels repeat
 * from line to line. A bounded cache without eviction order; for one thread.
 */
final class StringPool {
    private static final int LONGEST = 64;

    private final String[] slots;

    private StringPool(int slots) {
        this.slots = new String[slots];
    }

    /** For a whole page. */
    static StringPool large() {
        return new StringPool(1 << 10);
    }

    /** For a single line. */
    static StringPool small() {
        return new StringPool(1);
    }

    /** The text of a slice that may hold the escapes {@code \\}, {@code \"} and {@code \n}; other backslashes stay. */
    String string(byte[] page, int from, int to) {
        int hash = 0;
        int all = 0;
        boolean escaped = false;
        for (int i = from; i < to; i++) {
            byte b = page[i];
            hash = hash * 31 + b;
            all |= b;
            escaped |= b == '\\';
        }
        if (escaped) {
            return unescape(new String(page, from, to - from, StandardCharsets.UTF_8), true);
        }
        if (all < 0) {
            return new String(page, from, to - from, StandardCharsets.UTF_8);
        }
        if (to - from > LONGEST) {
            return new String(page, from, to - from, StandardCharsets.ISO_8859_1);
        }
        int slot = (hash ^ (hash >>> 15)) & (slots.length - 1);
        String pooled = slots[slot];
        if (pooled == null || !isSame(pooled, page, from, to)) {
            pooled = new String(page, from, to - from, StandardCharsets.ISO_8859_1);
            slots[slot] = pooled;
        }
        return pooled;
    }

    private static boolean isSame(String text, byte[] page, int from, int to) {
        if (text.length() != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i - from) != page[i]) {
                return false;
            }
        }
        return true;
    }

    /** Resolves {@code \\}, {@code \n} and, when {@code quotes}, {@code \"}; any other backslash stands for itself. */
    static String unescape(String text, boolean quotes) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char next = c == '\\' && i + 1 < text.length() ? text.charAt(i + 1) : 0;
            if (next == '\\' || next == 'n' || (next == '"' && quotes)) {
                plain.append(next == 'n' ? '\n' : next);
                i++;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
