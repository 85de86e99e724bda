package io.emberwatch.model.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes strings of byte slices, the same string for the same short text where it can: names and values of labels repeat
 * from line to line. A bounded cache without eviction order; for one thread.
 */
final class StringPool {
    private static final int LONGEST = 64;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    /** The slices as they stood in the page, and the strings they stand for. */
    private final byte[][] slices;

    private final String[] strings;

    private StringPool(int slots) {
        this.slices = new byte[slots][];
        this.strings = new String[slots];
        Arrays.fill(slices, new byte[0]);
        Arrays.fill(strings, "");
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
        if (to - from > LONGEST) {
            return decode(page, from, to);
        }
        int slot = hash(page, from, to) & (slices.length - 1);
        byte[] slice = slices[slot];
        if (Arrays.equals(slice, 0, slice.length, page, from, to)) {
            return strings[slot];
        }
        String text = decode(page, from, to);
        slices[slot] = Arrays.copyOfRange(page, from, to);
        strings[slot] = text;
        return text;
    }

    private static int hash(byte[] page, int from, int to) {
        long hash = (long) to - from;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = (hash ^ (long) LONGS.get(page, at)) * MIX;
            hash ^= hash >>> 32;
        }
        for (; at < to; at++) {
            hash = hash * 31 + page[at];
        }
        hash *= MIX;
        return (int) (hash >>> 40);
    }

    private static String decode(byte[] page, int from, int to) {
        return unescape(new String(page, from, to - from, StandardCharsets.UTF_8), true);
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
