package io.emberwatch.rules.query;

/**
 * Finds the end of a number: decimal, hexadecimal, octal or with an exponent, with underscores between digits.
 *
 * <p>What it accepts is not always a number ({@code 1_0x}); the parser of the text finds that out.
 */
final class NumberScanner {
    private static final String DECIMAL = "0123456789";
    private static final String HEXADECIMAL = "0123456789abcdefABCDEF";

    private final Lexer lexer;
    private final boolean series;

    /** @param series whether the number is one of a series, where {@code x} repeats it */
    NumberScanner(Lexer lexer, boolean series) {
        this.lexer = lexer;
        this.series = series;
    }

    boolean scan() {
        int begin = lexer.pos;
        String digits = DECIMAL;
        if (!series && lexer.accept("0") && lexer.accept("xX")) {
            lexer.accept("_");
            digits = HEXADECIMAL;
        }
        lexer.accept(".");
        lexer.accept(digits);
        if (!rest(digits) || lexer.pos == begin) {
            return false;
        }
        int c = lexer.peek();
        return (series && c == 'x') || !Lexer.isAlphaNumeric(c);
    }

    private boolean rest(String digits) {
        boolean hexadecimal = digits.equals(HEXADECIMAL);
        boolean dot = false;
        boolean exponent = false;
        while (true) {
            if (lexer.accept(".")) {
                if (dot || lexer.accept("_.") || hexadecimal) {
                    return false;
                }
                dot = true;
            } else if (!hexadecimal && lexer.accept("eE")) {
                if (exponent) {
                    return false;
                }
                exponent = true;
                lexer.accept("+-");
                if (lexer.accept("._eE") || lexer.peek() == Lexer.EOF) {
                    return false;
                }
            } else if (lexer.accept("_")) {
                if (lexer.accept(hexadecimal ? "._" : "._eE") || lexer.peek() == Lexer.EOF) {
                    return false;
                }
            } else if (!lexer.accept(digits)) {
                return true;
            }
        }
    }
}
