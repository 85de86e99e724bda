package io.emberwatch.rules.query;

import java.nio.charset.StandardCharsets;

/**
 * UTF-8 that may be broken.
 *
 * <p>Strings of PromQL are bytes ({@code "\xc5"}). A byte that is not part of a valid sequence is kept in a Java string as
 * the unpaired surrogate U+DC80 … U+DCFF with the byte as its low half, which no valid UTF-8 decodes to.
 */
final class Utf8 {
    private Utf8() {}

    static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return hasBrokenBytes(text) ? escapedBytes(text) : bytes;
    }

    private static byte[] escapedBytes(String text) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream(text.length() + 8);
        text.codePoints().forEach(c -> {
            if (c >= 0xDC80 && c <= 0xDCFF) {
                out.write(c);
            } else {
                out.writeBytes(new String(Character.toChars(c)).getBytes(StandardCharsets.UTF_8));
            }
        });
        return out.toByteArray();
    }

    /** The text of bytes, broken ones kept as unpaired surrogates. */
    static String text(byte[] bytes, int start, int end) {
        StringBuilder text = new StringBuilder(end - start);
        int i = start;
        while (i < end) {
            int length = sequenceLength(bytes, i, end);
            if (length == 0) {
                text.append((char) (0xDC00 + (bytes[i] & 0xff)));
                i++;
            } else {
                text.appendCodePoint(codePoint(bytes, i, length));
                i += length;
            }
        }
        return text.toString();
    }

    /** Whether the text holds bytes that are not valid UTF-8, or surrogates without their partner. */
    static boolean hasBrokenBytes(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return true;
            }
        }
        return false;
    }

    /** The length of the valid sequence at {@code i}, or 0. */
    static int sequenceLength(byte[] bytes, int i, int end) {
        int first = bytes[i] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xC2 && first <= 0xDF ? 2 : first >= 0xE0 && first <= 0xEF ? 3 : 4;
        if (first < 0xC2 || first > 0xF4 || i + length > end) {
            return 0;
        }
        int second = bytes[i + 1] & 0xff;
        int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) {
            return 0;
        }
        for (int j = 2; j < length; j++) {
            if ((bytes[i + j] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    static int codePoint(byte[] bytes, int i, int length) {
        int first = bytes[i] & 0xff;
        return switch (length) {
            case 1 -> first;
            case 2 -> (first & 0x1F) << 6 | (bytes[i + 1] & 0x3F);
            case 3 -> (first & 0x0F) << 12 | (bytes[i + 1] & 0x3F) << 6 | (bytes[i + 2] & 0x3F);
            default ->
                (first & 0x07) << 18 | (bytes[i + 1] & 0x3F) << 12 | (bytes[i + 2] & 0x3F) << 6 | (bytes[i + 3] & 0x3F);
        };
    }
}
