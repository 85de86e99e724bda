package io.emberwatch.exporter.host;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The text of a file of the kernel, line by line and word by word, without an object for each. Holds until its file is read
 * again; for one thread.
 */
final class KernelText {
    private static final int MOST_EXACT_DIGITS = 18;

    private byte[] bytes = {};
    private int length;
    private int nextLine;
    private int lineEnd;
    private int next;
    private int wordStart;
    private int wordEnd;

    /** Takes up other bytes, which are not copied, and stands before their first line. */
    void set(byte[] text, int size) {
        bytes = text;
        length = size;
        nextLine = 0;
        lineEnd = 0;
        next = 0;
        wordStart = 0;
        wordEnd = 0;
    }

    /** Whether the whole text is this one. */
    boolean isWhole(byte[] text) {
        return Arrays.equals(bytes, 0, length, text, 0, text.length);
    }

    /** The whole text. */
    byte[] whole() {
        return Arrays.copyOf(bytes, length);
    }

    /** Goes to the next line, before its first word; false when there is none. */
    boolean nextLine() {
        if (nextLine >= length) {
            return false;
        }
        int end = nextLine;
        while (end < length && bytes[end] != '\n') {
            end++;
        }
        next = nextLine;
        lineEnd = end;
        nextLine = end + 1;
        wordStart = next;
        wordEnd = next;
        return true;
    }

    /** Goes to the next word of the line, apart from others by blanks; false when there is none. */
    boolean nextWord() {
        int at = next;
        while (at < lineEnd && isBlank(bytes[at])) {
            at++;
        }
        wordStart = at;
        while (at < lineEnd && !isBlank(bytes[at])) {
            at++;
        }
        wordEnd = at;
        next = at;
        return wordEnd > wordStart;
    }

    /** Goes to what stands before the last {@code mark} of the line, blanks around it apart; false when there is none. */
    boolean nextBeforeLast(char mark) {
        int at = lineEnd - 1;
        while (at >= next && bytes[at] != mark) {
            at--;
        }
        if (at < next) {
            return false;
        }
        wordStart = next;
        wordEnd = at;
        next = at + 1;
        while (wordStart < wordEnd && isBlank(bytes[wordStart])) {
            wordStart++;
        }
        while (wordEnd > wordStart && isBlank(bytes[wordEnd - 1])) {
            wordEnd--;
        }
        return wordEnd > wordStart;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }

    /** Whether the word is this text. */
    boolean is(byte[] text) {
        return Arrays.equals(bytes, wordStart, wordEnd, text, 0, text.length);
    }

    /** Whether the word begins with this text. */
    boolean startsWith(byte[] text) {
        return wordEnd - wordStart >= text.length
                && Arrays.equals(bytes, wordStart, wordStart + text.length, text, 0, text.length);
    }

    String word() {
        return new String(bytes, wordStart, wordEnd - wordStart, StandardCharsets.UTF_8);
    }

    /**
     * The word as a whole number from 0 up to 2^64.
     *
     * @throws NumberFormatException when it is none
     */
    double count() {
        return countFrom(wordStart);
    }

    /** The whole number that follows the first {@code skipped} bytes of the word. */
    double countAfter(int skipped) {
        return countFrom(wordStart + skipped);
    }

    private double countFrom(int start) {
        int size = wordEnd - start;
        if (size <= 0 || size > MOST_EXACT_DIGITS) {
            return Words.count(rest(start));
        }
        long value = 0;
        for (int at = start; at < wordEnd; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                return Words.count(rest(start));
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private String rest(int start) {
        return new String(bytes, start, Math.max(0, wordEnd - start), StandardCharsets.UTF_8);
    }
}
