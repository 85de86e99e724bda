package io.emberwatch.rules.query;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of an expression into tokens.
 *
 * <p>What a character means depends on where it stands: inside braces everything is label matching, inside brackets words
 * are only those of duration expressions. The texts of errors are those of Prometheus.
 */
final class Lexer {
    static final int EOF = -1;
    static final int BROKEN = 0xFFFD;

    /** What the next token is read as. */
    private enum Mode {
        STATEMENT,
        DURATION
    }

    final byte[] input;
    int pos;
    int start;
    private int width;
    private Mode mode = Mode.STATEMENT;
    private int parens;
    private boolean braceOpen;
    private boolean bracketOpen;
    private boolean gotColon;
    private boolean gotDuration;

    Lexer(byte[] input) {
        this.input = input;
    }

    /** The next token; after an ERROR or EOF there is nothing more to ask for. */
    Token next() {
        skipBlank();
        if (braceOpen) {
            return insideBraces();
        }
        return mode == Mode.DURATION ? insideBrackets() : statement();
    }

    private void skipBlank() {
        while (pos < input.length) {
            byte b = input[pos];
            if (b == '#' && mode == Mode.STATEMENT) {
                while (pos < input.length && input[pos] != '\n' && input[pos] != '\r') {
                    pos++;
                }
            } else if (isSpace(b)) {
                pos++;
            } else {
                break;
            }
        }
        start = pos;
    }

    private Token statement() {
        int c = read();
        return switch (c) {
            case EOF -> end();
            case ',' -> token(Kind.COMMA);
            case '*' -> token(Kind.MUL);
            case '/' -> token(Kind.DIV);
            case '%' -> token(Kind.MOD);
            case '+' -> token(Kind.ADD);
            case '-' -> token(Kind.SUB);
            case '^' -> token(Kind.POW);
            case '@' -> token(Kind.AT);
            case '=', '!', '<', '>' -> comparison(c);
            case '"', '\'', '`' -> string(c);
            case '(', ')' -> paren(c);
            case '{' -> brace();
            case '[', ']' -> bracket(c);
            default -> other(c);
        };
    }

    private Token brace() {
        braceOpen = true;
        return token(Kind.LEFT_BRACE);
    }

    private Token end() {
        if (parens != 0) {
            return error("unclosed left parenthesis");
        }
        return bracketOpen ? error("unclosed left bracket") : token(Kind.EOF);
    }

    private Token comparison(int c) {
        int following = peek();
        if (c == '=') {
            if (following == '~') {
                return error("unexpected character after '=': '~'");
            }
            return following == '=' ? two(Kind.EQLC) : token(Kind.EQL);
        }
        if (c == '!') {
            int after = read();
            return after == '=' ? token(Kind.NEQ) : error("unexpected character after '!': " + GoText.quoteRune(after));
        }
        if (following == '=') {
            return two(c == '<' ? Kind.LTE : Kind.GTE);
        }
        if (following == '/') {
            return two(c == '<' ? Kind.TRIM_UPPER : Kind.TRIM_LOWER);
        }
        return token(c == '<' ? Kind.LSS : Kind.GTR);
    }

    private Token two(Kind kind) {
        read();
        return token(kind);
    }

    private Token paren(int c) {
        if (c == '(') {
            parens++;
            return token(Kind.LEFT_PAREN);
        }
        parens--;
        if (parens < 0) {
            start = pos;
            return error("unexpected right parenthesis ')'");
        }
        return token(Kind.RIGHT_PAREN);
    }

    private Token bracket(int c) {
        if (c == ']') {
            if (!bracketOpen) {
                return error("unexpected right bracket ']'");
            }
            bracketOpen = false;
            return token(Kind.RIGHT_BRACKET);
        }
        if (bracketOpen) {
            return error("unexpected left bracket '['");
        }
        gotColon = false;
        bracketOpen = true;
        mode = Mode.DURATION;
        return token(Kind.LEFT_BRACKET);
    }

    private Token other(int c) {
        if (isDigit(c) || (c == '.' && isDigit(peek()))) {
            back();
            return numberOrDuration();
        }
        if (!isAlpha(c) && c != ':') {
            return error("unexpected character: " + GoText.quoteRune(c));
        }
        if (!bracketOpen) {
            back();
            return keywordOrIdentifier();
        }
        if (c == ':') {
            if (gotColon) {
                return error("unexpected colon ':'");
            }
            gotColon = true;
            return token(Kind.COLON);
        }
        Token word = durationWord();
        return word != null ? word : error("unexpected character: " + GoText.quoteRune(c) + ", expected ':'");
    }

    private Token insideBrackets() {
        int c = read();
        return switch (c) {
            case EOF -> error("unexpected end of input in duration expression");
            case ']' -> closeEmptyBracket();
            case ':' -> colonInsideBrackets();
            case '(', ')' -> paren(c);
            case '+' -> token(Kind.ADD);
            case '-' -> token(Kind.SUB);
            case '*' -> token(Kind.MUL);
            case '/' -> token(Kind.DIV);
            case '%' -> token(Kind.MOD);
            case '^' -> token(Kind.POW);
            case ',' -> token(Kind.COMMA);
            default -> otherInsideBrackets(c);
        };
    }

    private Token closeEmptyBracket() {
        bracketOpen = false;
        gotColon = false;
        mode = Mode.STATEMENT;
        return token(Kind.RIGHT_BRACKET);
    }

    private Token otherInsideBrackets(int c) {
        if (isDigit(c) || (c == '.' && isDigit(peek()))) {
            back();
            gotDuration = true;
            mode = Mode.STATEMENT;
            return numberOrDuration();
        }
        Token word = isAlpha(c) ? durationWord() : null;
        return word != null ? word : error("unexpected character in duration expression: " + GoText.quoteRune(c));
    }

    private Token colonInsideBrackets() {
        if (!gotDuration) {
            start = pos;
            return error("unexpected colon before duration in duration expression");
        }
        if (gotColon) {
            start = pos;
            return error("unexpected repeated colon in duration expression");
        }
        gotColon = true;
        return token(Kind.COLON);
    }

    /** The rest of a word of duration expressions whose first letter has been read; null when it is none of them. */
    private @Nullable Token durationWord() {
        if (!isDurationInitial(input[start])) {
            return null;
        }
        while (isAlpha(peek())) {
            read();
        }
        return switch (written().toLowerCase(Locale.ROOT)) {
            case "step" -> token(Kind.STEP);
            case "range" -> token(Kind.RANGE);
            case "min_of" -> token(Kind.MIN_OF);
            case "max_of" -> token(Kind.MAX_OF);
            default -> null;
        };
    }

    private static boolean isDurationInitial(byte b) {
        return switch (b) {
            case 's', 'S', 'm', 'M', 'r', 'R' -> true;
            default -> false;
        };
    }

    private Token string(int quote) {
        String wrong = new StringScanner(this).scan(quote);
        return wrong == null ? token(Kind.STRING) : error(wrong);
    }

    private Token insideBraces() {
        int c = read();
        return switch (c) {
            case EOF -> error("unexpected end of input inside braces");
            case ',' -> token(Kind.COMMA);
            case '"', '\'', '`' -> string(c);
            case '=' -> peek() == '~' ? two(Kind.EQL_REGEX) : token(Kind.EQL);
            case '!' -> inequality();
            case '{' -> error("unexpected left brace '{'");
            case '}' -> closeBrace();
            default -> identifier(c);
        };
    }

    private Token inequality() {
        int c = read();
        return switch (c) {
            case '~' -> token(Kind.NEQ_REGEX);
            case '=' -> token(Kind.NEQ);
            default -> error("unexpected character after '!' inside braces: " + GoText.quoteRune(c));
        };
    }

    private Token closeBrace() {
        braceOpen = false;
        return token(Kind.RIGHT_BRACE);
    }

    private Token identifier(int c) {
        if (!isAlpha(c)) {
            return error("unexpected character inside braces: " + GoText.quoteRune(c));
        }
        while (isAlphaNumeric(peek())) {
            read();
        }
        return token(Kind.IDENTIFIER);
    }

    Token keywordOrIdentifier() {
        while (isAlphaNumeric(peek()) || peek() == ':') {
            read();
        }
        String word = written();
        Kind kind = Kind.ofWord(word);
        if (kind == Kind.FILL || kind == Kind.FILL_LEFT || kind == Kind.FILL_RIGHT) {
            return token(parenFollows() ? kind : Kind.IDENTIFIER);
        }
        if (kind != null) {
            return token(kind);
        }
        return token(word.indexOf(':') < 0 ? Kind.IDENTIFIER : Kind.METRIC_IDENTIFIER);
    }

    private boolean parenFollows() {
        int i = pos;
        while (i < input.length && isSpace(input[i])) {
            i++;
        }
        return i < input.length && input[i] == '(';
    }

    private Token numberOrDuration() {
        if (new NumberScanner(this, false).scan()) {
            return token(Kind.NUMBER);
        }
        if (restOfDuration()) {
            return token(Kind.DURATION);
        }
        return error("bad number or duration syntax: " + GoText.quote(written()));
    }

    private boolean restOfDuration() {
        if (!accept("smhdwy")) {
            return false;
        }
        accept("s");
        while (accept("0123456789")) {
            skipDigits();
            if (!accept("smhdw")) {
                return false;
            }
            accept("s");
        }
        if (isAlphaNumeric(peek())) {
            read();
            return false;
        }
        return true;
    }

    private void skipDigits() {
        while (isDigit(peek())) {
            read();
        }
    }

    Token token(Kind kind) {
        return new Token(kind, start, pos - start, written());
    }

    Token error(String message) {
        return new Token(Kind.ERROR, start, 0, message);
    }

    String written() {
        return Utf8.text(input, start, pos);
    }

    int read() {
        if (pos >= input.length) {
            width = 0;
            return EOF;
        }
        int length = Utf8.sequenceLength(input, pos, input.length);
        int c = length == 0 ? BROKEN : Utf8.codePoint(input, pos, length);
        width = Math.max(1, length);
        pos += width;
        return c;
    }

    void back() {
        pos -= width;
    }

    int peek() {
        int at = pos;
        int kept = width;
        int c = read();
        pos = at;
        width = kept;
        return c;
    }

    boolean accept(String valid) {
        int c = peek();
        if (c >= 0 && valid.indexOf(c) >= 0) {
            read();
            return true;
        }
        return false;
    }

    static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isAlpha(int c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isAlphaNumeric(int c) {
        return isAlpha(c) || isDigit(c);
    }
}
