package io.emberwatch.bridge.render;

/** Cuts texts to size without cutting a character in two. */
public final class Clip {
    private Clip() {}

    /** The text, or its beginning and an ellipsis, at most {@code runes} code points long. */
    public static String to(String text, int runes) {
        if (text.length() <= runes || text.codePointCount(0, text.length()) <= runes) {
            return text;
        }
        return runes <= 0 ? "" : text.substring(0, text.offsetByCodePoints(0, runes - 1)) + "…";
    }

    /** How many code points. */
    public static int runes(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The text with every run of white space and control characters made one space. */
    public static String oneLine(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length());
        boolean gap = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (isSpace(c)) {
                gap = line.length() > 0;
            } else if (!isTrick(c)) {
                if (gap) {
                    line.append(' ');
                    gap = false;
                }
                line.appendCodePoint(whole(c));
            }
        }
        return line.toString();
    }

    // Most values are: printable ASCII, words parted by single spaces.
    private static boolean isPlain(String text) {
        boolean gap = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || (c == ' ' && gap)) {
                return false;
            }
            gap = c == ' ';
        }
        return !gap || text.isEmpty();
    }

    /** The text without control characters other than line feeds, at most two of which follow each other. */
    public static String paragraphs(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        int feeds = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c == '\n' || c == 0x2028 || c == 0x2029) {
                feeds++;
                if (feeds <= 2) {
                    clean.append('\n');
                }
            } else if (isSpace(c)) {
                if (c != '\r' && feeds == 0) {
                    clean.append(' ');
                }
            } else if (!isTrick(c)) {
                feeds = 0;
                clean.appendCodePoint(whole(c));
            }
        }
        return clean.toString().strip();
    }

    private static boolean isSpace(int c) {
        return c <= ' ' || (c >= 0x7f && c <= 0xa0) || c == 0x2028 || c == 0x2029;
    }

    // What turns text around, so that it reads as something else than it is.
    private static boolean isTrick(int c) {
        return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
    }

    private static int whole(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c;
    }
}
