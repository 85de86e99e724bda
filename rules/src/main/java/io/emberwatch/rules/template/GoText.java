package io.emberwatch.rules.template;

import java.util.Locale;

/** Quoting and unquoting of strings as Go's {@code strconv} does it. */
final class GoText {
    private GoText() {}

    /** {@code strconv.Quote}. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> appendEscaped(c, '"', out));
        return out.append('"').toString();
    }

    /** {@code strconv.QuoteToASCII}. */
    static String quoteToAscii(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2);
        quote(text).codePoints().forEach(c -> {
            if (c < 0x80) {
                out.append((char) c);
            } else {
                out.append(String.format(Locale.ROOT, c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
            }
        });
        return out.toString();
    }

    /** {@code strconv.QuoteRune}. */
    static String quoteRune(int c) {
        StringBuilder out = new StringBuilder(4).append('\'');
        appendEscaped(c, '\'', out);
        return out.append('\'').toString();
    }

    private static void appendEscaped(int c, char quote, StringBuilder out) {
        switch (c) {
            case 7 -> out.append("\\a");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case 11 -> out.append("\\v");
            default -> {
                if (c == quote || c == '\\') {
                    out.append('\\').append((char) c);
                } else if (isPrint(c)) {
                    out.appendCodePoint(c);
                } else if (c < ' ' || c == 0x7f) {
                    out.append(String.format(Locale.ROOT, "\\x%02x", c));
                } else {
                    out.append(String.format(Locale.ROOT, c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
                }
            }
        }
    }

    static boolean isPrint(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /**
     * {@code strconv.Unquote} of a text in quotes of any of the three kinds.
     *
     * @throws IllegalArgumentException when an escape is wrong
     */
    static String unquote(String quoted) {
        char quote = quoted.charAt(0);
        String inner = quoted.substring(1, quoted.length() - 1);
        if (quote == '`') {
            return inner.replace("\r", "");
        }
        StringBuilder out = new StringBuilder(inner.length());
        int i = 0;
        while (i < inner.length()) {
            char c = inner.charAt(i);
            if (c != '\\') {
                out.append(c);
                i++;
            } else {
                i = unescape(inner, i + 1, quote, out);
            }
        }
        return out.toString();
    }

    private static int unescape(String text, int at, char quote, StringBuilder out) {
        if (at >= text.length()) {
            throw new IllegalArgumentException("invalid syntax");
        }
        char c = text.charAt(at);
        switch (c) {
            case 'a' -> out.append((char) 7);
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'v' -> out.append((char) 11);
            case '\\' -> out.append('\\');
            case 'x' -> {
                return numeric(text, at + 1, 2, 16, out);
            }
            case 'u' -> {
                return numeric(text, at + 1, 4, 16, out);
            }
            case 'U' -> {
                return numeric(text, at + 1, 8, 16, out);
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                return numeric(text, at, 3, 8, out);
            }
            default -> {
                if (c != quote) {
                    throw new IllegalArgumentException("invalid syntax");
                }
                out.append(c);
            }
        }
        return at + 1;
    }

    private static int numeric(String text, int at, int digits, int radix, StringBuilder out) {
        if (at + digits > text.length()) {
            throw new IllegalArgumentException("invalid syntax");
        }
        long code = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = Character.digit(text.charAt(i), radix);
            if (digit < 0) {
                throw new IllegalArgumentException("invalid syntax");
            }
            code = code * radix + digit;
        }
        if (code > Character.MAX_CODE_POINT) {
            throw new IllegalArgumentException("invalid syntax");
        }
        out.appendCodePoint((int) code);
        return at + digits;
    }
}
