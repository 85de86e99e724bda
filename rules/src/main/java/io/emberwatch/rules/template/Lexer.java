package io.emberwatch.rules.template;

import io.emberwatch.rules.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Cuts a template into tokens; the first fault becomes an {@link Kind#ERROR} token and ends the list. */
final class Lexer {
    private static final String LEFT = "{{";
    private static final String RIGHT = "}}";
    private static final String SPACES = " \t\r\n";
    private static final Set<String> KEYWORDS =
            Set.of("block", "break", "continue", "define", "else", "end", "if", "range", "template", "with");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int parens;

    private Lexer(String text) {
        this.text = text;
    }

    static List<Token> lex(String text) {
        Lexer lexer = new Lexer(text);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        boolean trimLeft = false;
        while (true) {
            int open = text.indexOf(LEFT, at);
            int end = open < 0 ? text.length() : open;
            boolean trimRight = open >= 0 && isTrim(open + LEFT.length());
            addText(at, end, trimLeft, trimRight);
            if (open < 0) {
                add(Kind.EOF, text.length(), "");
                return;
            }
            at = open + LEFT.length() + (trimRight ? 2 : 0);
            if (text.startsWith("/*", at)) {
                if (!comment()) {
                    return;
                }
            } else {
                add(Kind.LEFT, open, LEFT);
                if (!action()) {
                    return;
                }
            }
            trimLeft = text.startsWith("-" + RIGHT, at);
            at += RIGHT.length() + (trimLeft ? 1 : 0);
        }
    }

    private boolean isTrim(int i) {
        return i + 1 < text.length() && text.charAt(i) == '-' && isSpace(text.charAt(i + 1));
    }

    private static boolean isSpace(char c) {
        return SPACES.indexOf(c) >= 0;
    }

    private void addText(int from, int to, boolean trimLeft, boolean trimRight) {
        int start = from;
        int end = to;
        while (trimLeft && start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (trimRight && end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        if (end > start) {
            add(Kind.TEXT, start, text.substring(start, end));
        }
    }

    // Leaves the position at the closing braces, or at the dash in front of them.
    private boolean comment() {
        int end = text.indexOf("*/", at);
        if (end < 0) {
            return fail("unclosed comment");
        }
        at = end + 2;
        if (atTrimmedRight()) {
            at++;
            return true;
        }
        return text.startsWith(RIGHT, at) || fail("comment ends before closing delimiter");
    }

    private boolean atTrimmedRight() {
        return at < text.length() && isSpace(text.charAt(at)) && text.startsWith("-" + RIGHT, at + 1);
    }

    private boolean action() {
        parens = 0;
        while (true) {
            boolean trimmed = atTrimmedRight();
            if (trimmed || text.startsWith(RIGHT, at)) {
                at += trimmed ? 1 : 0;
                if (parens > 0) {
                    return fail("unclosed left paren");
                }
                add(Kind.RIGHT, at, trimmed ? "-" + RIGHT : RIGHT);
                return true;
            }
            if (at >= text.length()) {
                return fail("unclosed action");
            }
            if (!insideAction()) {
                return false;
            }
        }
    }

    private boolean insideAction() {
        char c = text.charAt(at);
        if (isSpace(c)) {
            return spaces();
        }
        switch (c) {
            case '=' -> single(Kind.ASSIGN);
            case ',' -> single(Kind.COMMA);
            case '|' -> single(Kind.PIPE);
            case '(' -> {
                single(Kind.LEFT_PAREN);
                parens++;
            }
            case ')' -> {
                single(Kind.RIGHT_PAREN);
                if (--parens < 0) {
                    return fail("unexpected right paren");
                }
            }
            case ':' -> {
                if (!text.startsWith(":=", at)) {
                    return fail("expected :=");
                }
                add(Kind.DECLARE, at, ":=");
                at += 2;
            }
            case '"' -> {
                return quoted('"', Kind.STRING, "unterminated quoted string");
            }
            case '\'' -> {
                return quoted('\'', Kind.CHAR, "unterminated character constant");
            }
            case '`' -> {
                return rawString();
            }
            case '$' -> {
                return word(Kind.VARIABLE);
            }
            default -> {
                return operand(c);
            }
        }
        return true;
    }

    private boolean spaces() {
        int start = at;
        while (at < text.length() && isSpace(text.charAt(at)) && (at == start || !atTrimmedRight())) {
            at++;
        }
        add(Kind.SPACE, start, text.substring(start, at));
        return true;
    }

    private void single(Kind kind) {
        add(kind, at, text.substring(at, at + 1));
        at++;
    }

    private boolean operand(char c) {
        char next = at + 1 < text.length() ? text.charAt(at + 1) : 0;
        if (c == '.' && !isDigit(next)) {
            return word(Kind.FIELD);
        }
        if (c == '.' || c == '+' || c == '-' || isDigit(c)) {
            return number();
        }
        if (isAlphanumeric(text.codePointAt(at))) {
            return word(Kind.IDENTIFIER);
        }
        if (c > ' ' && c < 127) {
            single(Kind.OTHER);
            return true;
        }
        return fail("unrecognized character in action: " + unicode(text.codePointAt(at)));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isAlphanumeric(int c) {
        return c == '_' || Character.isLetter(c) || Character.isDigit(c);
    }

    private boolean word(Kind kind) {
        int start = at;
        if (kind != Kind.IDENTIFIER) {
            at++;
        }
        while (at < text.length() && isAlphanumeric(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        if (!atTerminator()) {
            return fail("bad character " + unicode(text.codePointAt(at)));
        }
        String word = text.substring(start, at);
        Kind found = kind;
        if (kind == Kind.FIELD && word.length() == 1) {
            found = Kind.DOT;
        } else if (kind == Kind.IDENTIFIER) {
            found = identifierKind(word);
        }
        add(found, start, word);
        return true;
    }

    private static Kind identifierKind(String word) {
        if (word.equals("nil")) {
            return Kind.NIL;
        }
        if (word.equals("true") || word.equals("false")) {
            return Kind.BOOL;
        }
        return KEYWORDS.contains(word) ? Kind.KEYWORD : Kind.IDENTIFIER;
    }

    private boolean atTerminator() {
        return at >= text.length()
                || isSpace(text.charAt(at))
                || ".,|:)(=".indexOf(text.charAt(at)) >= 0
                || text.startsWith(RIGHT, at);
    }

    private boolean number() {
        int start = at;
        boolean scanned = scanNumber();
        char next = at < text.length() ? text.charAt(at) : 0;
        if (scanned && (next == '+' || next == '-')) {
            scanned = scanNumber() && text.charAt(at - 1) == 'i';
        }
        if (!scanned) {
            return fail("bad number syntax: " + GoText.quote(text.substring(start, at)));
        }
        add(Kind.NUMBER, start, text.substring(start, at));
        return true;
    }

    /** Passes over a number as Go's scanner does; false when a letter or digit follows that cannot belong to it. */
    private boolean scanNumber() {
        accept("+-");
        String digits = "0123456789_";
        if (accept("0")) {
            digits = accept("xX")
                    ? "0123456789abcdefABCDEF_"
                    : accept("oO") ? "01234567_" : accept("bB") ? "01_" : digits;
        }
        acceptRun(digits);
        if (accept(".")) {
            acceptRun(digits);
        }
        boolean exponent = digits.length() == 11 && accept("eE");
        exponent |= digits.length() == 23 && accept("pP");
        if (exponent) {
            accept("+-");
            acceptRun("0123456789_");
        }
        accept("i");
        if (at < text.length() && isAlphanumeric(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
            return false;
        }
        return true;
    }

    private boolean accept(String valid) {
        if (at < text.length() && valid.indexOf(text.charAt(at)) >= 0) {
            at++;
            return true;
        }
        return false;
    }

    private void acceptRun(String valid) {
        while (accept(valid)) {
            // one after the other
        }
    }

    private boolean quoted(char quote, Kind kind, String unterminated) {
        int start = at++;
        while (at < text.length() && text.charAt(at) != '\n') {
            char c = text.charAt(at++);
            if (c == quote) {
                add(kind, start, text.substring(start, at));
                return true;
            }
            if (c == '\\') {
                at++;
            }
        }
        return fail(unterminated);
    }

    private boolean rawString() {
        int end = text.indexOf('`', at + 1);
        if (end < 0) {
            return fail("unterminated raw quoted string");
        }
        add(Kind.RAW_STRING, at, text.substring(at, end + 1));
        at = end + 1;
        return true;
    }

    private static String unicode(int c) {
        return String.format(Locale.ROOT, "U+%04X", c) + (GoText.isPrint(c) ? " '" + Character.toString(c) + "'" : "");
    }

    private void add(Kind kind, int pos, String value) {
        tokens.add(new Token(kind, pos, value));
    }

    private boolean fail(String message) {
        add(Kind.ERROR, Math.min(at, text.length()), message);
        return false;
    }
}
