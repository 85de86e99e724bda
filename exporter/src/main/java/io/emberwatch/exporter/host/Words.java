package io.emberwatch.exporter.host;

import java.util.ArrayList;
import java.util.List;

/** The words of a line, and numbers as the kernel writes them. */
final class Words {
    private Words() {}

    /** The words of a line, apart from each other by blanks. */
    static List<String> of(String line) {
        List<String> words = new ArrayList<>(20);
        int length = line.length();
        int at = 0;
        while (at < length) {
            while (at < length && isBlank(line.charAt(at))) {
                at++;
            }
            int from = at;
            while (at < length && !isBlank(line.charAt(at))) {
                at++;
            }
            if (at > from) {
                words.add(line.substring(from, at));
            }
        }
        return words;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    /**
     * A whole number from 0 up to 2^64.
     *
     * @throws NumberFormatException when it is none
     */
    static double count(String word) {
        long value = Long.parseUnsignedLong(word);
        return value >= 0 ? value : value + 0x1p64;
    }

    /**
     * A whole number with or without a sign, decimal or hexadecimal with {@code 0x}.
     *
     * @throws NumberFormatException when it is none
     */
    static double number(String word) {
        return word.startsWith("-") || word.startsWith("0x") ? Long.decode(word) : count(word);
    }
}
