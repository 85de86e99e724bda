package io.emberwatch.rules.query;

import org.jspecify.annotations.Nullable;

/** Finds the end of a string: quoted, with Go's escapes, or raw between backquotes. */
final class StringScanner {
    private final Lexer lexer;

    StringScanner(Lexer lexer) {
        this.lexer = lexer;
    }

    /** Reads on to the end of the string behind its opening quote; says what is wrong with it, null when nothing is. */
    @Nullable
    String scan(int quote) {
        boolean raw = quote == '`';
        while (true) {
            int c = lexer.read();
            if (c == quote) {
                return null;
            } else if (c == Lexer.BROKEN) {
                return "invalid UTF-8 rune";
            } else if (c == Lexer.EOF || (c == '\n' && !raw)) {
                return raw ? "unterminated raw string" : "unterminated quoted string";
            } else if (c == '\\' && !raw) {
                String wrong = escape(quote);
                if (wrong != null) {
                    return wrong;
                }
            }
        }
    }

    private @Nullable String escape(int quote) {
        int c = lexer.read();
        if (c == quote) {
            return null;
        }
        return switch (c) {
            case 'a', 'b', 'f', 'n', 'r', 't', 'v', '\\' -> null;
            case '0', '1', '2', '3', '4', '5', '6', '7' -> numeric(c, 3, 8, 255);
            case 'x' -> numeric(lexer.read(), 2, 16, 255);
            case 'u' -> numeric(lexer.read(), 4, 16, Character.MAX_CODE_POINT);
            case 'U' -> numeric(lexer.read(), 8, 16, Character.MAX_CODE_POINT);
            case Lexer.EOF -> "escape sequence not terminated";
            default -> "unknown escape sequence " + GoText.unicode(c);
        };
    }

    private @Nullable String numeric(int first, int digits, int base, long max) {
        long value = 0;
        int c = first;
        for (int i = 0; i < digits; i++) {
            if (i > 0) {
                c = lexer.read();
            }
            int digit = c < 128 ? Character.digit(c, base) : -1;
            if (digit < 0) {
                return c == Lexer.EOF
                        ? "escape sequence not terminated"
                        : "illegal character " + GoText.unicode(c) + " in escape sequence";
            }
            value = value * base + digit;
        }
        boolean surrogate = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
        return value > max || surrogate ? "escape sequence is an invalid Unicode code point" : null;
    }
}
