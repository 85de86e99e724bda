package io.emberwatch.model.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A place in a page, and what both formats are made of: words, names, quoted text, numbers. Reads every byte once. */
final class PageScanner {
    static final byte LETTER = 1;
    static final byte COLON = 2;
    private static final byte DIGIT = 4;
    private static final byte[] KINDS = kinds();
    private static final int END = -1;

    private final byte[] page;
    private final int end;
    /** 0.0.4 allows blanks between tokens and line breaks in quotes; OpenMetrics does not. */
    private final boolean loose;

    private final StringPool pool;

    private int at;

    private PageScanner(byte[] page, int end, boolean loose, StringPool pool) {
        this.page = page;
        this.end = end;
        this.loose = loose;
        this.pool = pool;
    }

    static PageScanner of(byte[] page, boolean loose) {
        return new PageScanner(page, page.length, loose, StringPool.large());
    }

    /** A scanner for a part of a page already read. */
    static PageScanner within(byte[] page, int from, int to) {
        PageScanner scanner = new PageScanner(page, to, true, StringPool.small());
        scanner.at = from;
        return scanner;
    }

    boolean atEnd() {
        return at == end;
    }

    int position() {
        return at;
    }

    /** The next byte, or -1 at the end of the page. */
    int peek() {
        return at < end ? page[at] : END;
    }

    boolean atLineEnd() {
        return at == end || page[at] == '\n';
    }

    /** Steps over the byte when it comes next. */
    boolean accept(char ascii) {
        if (at < end && page[at] == ascii) {
            at++;
            return true;
        }
        return false;
    }

    /** Steps over the word when it comes next. */
    boolean accept(String word) {
        if (end - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (page[at + i] != word.charAt(i)) {
                return false;
            }
        }
        at += word.length();
        return true;
    }

    boolean acceptBlanks() {
        int from = at;
        while (at < end && (page[at] == ' ' || page[at] == '\t')) {
            at++;
        }
        return at > from;
    }

    /** Steps over a line break; the end of the page counts as one. */
    void nextLine() {
        if (at < end) {
            at++;
        }
    }

    /** Steps over blanks where the format allows them between any tokens. */
    void blanksIfLoose() {
        if (loose) {
            acceptBlanks();
        }
    }

    void skipLine() {
        while (!atLineEnd()) {
            at++;
        }
    }

    void back(int position) {
        at = position;
    }

    /** The rest of the line, unescaped, as a HELP text. */
    String restOfLine(boolean quotesEscaped) throws ParseException {
        int from = at;
        skipLine();
        checkUtf8(from, at);
        return StringPool.unescape(new String(page, from, at - from, StandardCharsets.UTF_8), quotesEscaped);
    }

    /** The bytes up to the next blank or line end, as they are. */
    String word() {
        int from = at;
        skipWord();
        return new String(page, from, at - from, StandardCharsets.UTF_8);
    }

    private void skipWord() {
        while (at < end && page[at] != ' ' && page[at] != '\n' && (page[at] != '\t' || !loose)) {
            at++;
        }
    }

    double number(String what) throws ParseException {
        int from = at;
        skipWord();
        if (at == from) {
            throw unexpected(what);
        }
        try {
            return NumberReader.read(page, from, at);
        } catch (NumberFormatException e) {
            at = from;
            throw error("expected " + what + ", " + e.getMessage());
        }
    }

    long wholeNumber(String what) throws ParseException {
        int from = at;
        skipWord();
        try {
            return NumberReader.readLong(page, from, at);
        } catch (NumberFormatException e) {
            at = from;
            throw error("expected " + what + ", " + e.getMessage());
        }
    }

    /** A metric name on its own, quoted or not, as after TYPE. */
    String name() throws ParseException {
        int from = at;
        if (peek() != '"') {
            skipName(LETTER | COLON, "a metric name");
            return string(from, at);
        }
        int to = quoted("metric name");
        if (to == from + 1) {
            throw errorAt(to, "the metric name is empty");
        }
        return string(from + 1, to);
    }

    /** The text between two places, escapes resolved. */
    String string(int from, int to) {
        return pool.string(page, from, to);
    }

    byte[] page() {
        return page;
    }

    /** Steps over a name whose first byte is of a kind in {@code first}; digits may follow. */
    void skipName(int first, String what) throws ParseException {
        if (at == end || (KINDS[page[at] & 0xff] & first) == 0) {
            throw unexpected(what);
        }
        int allowed = first | DIGIT;
        do {
            at++;
        } while (at < end && (KINDS[page[at] & 0xff] & allowed) != 0);
    }

    /** Steps over a quoted string and returns where its text ends; the text begins one byte after the old position. */
    int quoted(String what) throws ParseException {
        int from = ++at;
        int all = 0;
        while (at < end) {
            byte b = page[at];
            if (b == '"') {
                if (all < 0) {
                    checkUtf8(from, at);
                }
                return at++;
            }
            if (b == '\\' && at + 1 < end && page[at + 1] != '\n') {
                at++;
                b = page[at];
            } else if (b == '\\') {
                break;
            }
            if (b == '\n' && !loose) {
                break;
            }
            all |= b;
            at++;
        }
        throw unexpected("the closing quotation mark of a " + what);
    }

    private void checkUtf8(int from, int to) throws ParseException {
        int invalid = Utf8.firstInvalid(page, from, to);
        if (invalid >= 0) {
            at = invalid;
            throw error("expected UTF-8, found byte 0x" + Integer.toHexString(page[invalid] & 0xff));
        }
    }

    /** A fault of the line that is being read. */
    ParseException lineError(String message) {
        return lineErrorAt(at, message);
    }

    /** A fault of the line that holds a place. */
    ParseException lineErrorAt(int place, String message) {
        return new ParseException(errorAt(place, message).line(), 0, message);
    }

    /** A fault at the next byte. */
    ParseException error(String message) {
        return errorAt(at, message);
    }

    /** A fault at a place; lines are only counted now that the reading ends. */
    ParseException errorAt(int place, String message) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < place; i++) {
            if (page[i] == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new ParseException(line, place - lineStart + 1, message);
    }

    ParseException unexpected(String expected) {
        return error("expected " + expected + ", found " + found());
    }

    private String found() {
        int next = peek();
        if (next == END && at == end) {
            return "the end of the page";
        }
        if (next == '\n') {
            return "the end of the line";
        }
        return next > ' ' && next < 0x7f ? "'" + (char) next + "'" : "byte 0x" + Integer.toHexString(next & 0xff);
    }

    private static byte[] kinds() {
        byte[] kinds = new byte[256];
        Arrays.fill(kinds, 'a', 'z' + 1, LETTER);
        Arrays.fill(kinds, 'A', 'Z' + 1, LETTER);
        Arrays.fill(kinds, '0', '9' + 1, DIGIT);
        kinds['_'] = LETTER;
        kinds[':'] = COLON;
        return kinds;
    }
}
