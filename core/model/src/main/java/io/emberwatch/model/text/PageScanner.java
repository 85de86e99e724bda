package io.emberwatch.model.text;

import io.emberwatch.model.Labels;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.Utf8Order;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A place in a page, and what both formats are made of: names, quoted text, labels, numbers. Reads every byte once. */
final class PageScanner {
    private static final byte LETTER = 1;
    private static final byte COLON = 2;
    private static final byte DIGIT = 4;
    private static final byte[] KINDS = kinds();
    private static final int END = -1;

    private final byte[] page;
    private final int end;
    /** 0.0.4 allows blanks between tokens and line breaks in quotes; OpenMetrics does not. */
    private final boolean loose;

    private final StringPool pool;
    private int at;
    /** From 1, or 0 when the scanner does not know where in the page it began. */
    private int line = 1;

    private int lineStart;

    private int seriesFrom;
    private int seriesTo;
    private int nameFrom;
    private int nameTo;
    /** Per label the bounds of its name and of its value, without quotes. */
    private int[] bounds = new int[64];

    private int labelCount;
    private boolean commaAtEnd;

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
        scanner.line = 0;
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
        line++;
        lineStart = at;
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
        if (peek() == '"') {
            int to = quoted("metric name");
            return pool.string(page, from + 1, to);
        }
        skipName(LETTER | COLON, "a metric name");
        return pool.string(page, from, at);
    }

    private void skipName(int first, String what) throws ParseException {
        if (at == end || (KINDS[page[at] & 0xff] & first) == 0) {
            throw unexpected(what);
        }
        int allowed = first | DIGIT;
        do {
            at++;
        } while (at < end && (KINDS[page[at] & 0xff] & allowed) != 0);
    }

    /** Steps over a quoted string and returns where its text ends; the text begins one byte after the old position. */
    private int quoted(String what) throws ParseException {
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
            if (b == '\n') {
                if (!loose) {
                    break;
                }
                line += line == 0 ? 0 : 1;
                lineStart = at + 1;
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

    /** Reads name and labels; afterwards {@link #stored}, {@link #key} and the bounds tell what they were. */
    void series() throws ParseException {
        seriesFrom = at;
        nameFrom = END;
        labelCount = 0;
        if (peek() != '{') {
            nameFrom = at;
            skipName(LETTER | COLON, "a metric name");
            nameTo = at;
            seriesTo = at;
            if (loose) {
                acceptBlanks();
            }
            if (peek() != '{') {
                return;
            }
        }
        labelSet(true);
        seriesTo = at;
        if (nameFrom == END) {
            throw error("expected a quoted metric name within the braces");
        }
    }

    /** Reads the labels of an exemplar; their lengths are in {@link #labelCodePoints}. */
    void exemplarLabels() throws ParseException {
        if (peek() != '{') {
            throw unexpected("the labels of an exemplar");
        }
        labelCount = 0;
        labelSet(false);
    }

    boolean hasCommaAtEnd() {
        return commaAtEnd;
    }

    int labelCodePoints() {
        int count = 0;
        for (int i = 0; i < labelCount; i++) {
            count += Utf8.codePoints(page, bounds[4 * i], bounds[4 * i + 1]);
            count += Utf8.codePoints(page, bounds[4 * i + 2], bounds[4 * i + 3]);
        }
        return count;
    }

    private void labelSet(boolean nameAllowed) throws ParseException {
        at++;
        boolean more = true;
        commaAtEnd = false;
        blanksIfLoose();
        if (accept('}')) {
            return;
        }
        while (more) {
            int from = at;
            boolean quoted = peek() == '"';
            int to;
            if (quoted) {
                from++;
                to = quoted("label name");
            } else {
                skipName(LETTER, "a label name");
                to = at;
            }
            blanksIfLoose();
            if (quoted && nameAllowed && (peek() == ',' || peek() == '}')) {
                quotedName(from, to);
            } else {
                label(from, to);
            }
            blanksIfLoose();
            more = accept(',');
            blanksIfLoose();
            commaAtEnd = more && peek() == '}';
            more &= !commaAtEnd;
        }
        if (!accept('}')) {
            throw unexpected("',' or '}'");
        }
    }

    private void blanksIfLoose() {
        if (loose) {
            acceptBlanks();
        }
    }

    private void quotedName(int from, int to) throws ParseException {
        if (nameFrom != END || from == to) {
            throw error(from == to ? "the metric name is empty" : "the metric name is given twice");
        }
        nameFrom = from;
        nameTo = to;
    }

    private void label(int from, int to) throws ParseException {
        if (from == to) {
            throw error("the label name is empty");
        }
        if (!accept('=')) {
            throw unexpected("'='");
        }
        blanksIfLoose();
        if (peek() != '"') {
            throw unexpected("a quoted label value");
        }
        int valueFrom = at + 1;
        int valueTo = quoted("label value");
        int base = 4 * labelCount++;
        if (base + 4 > bounds.length) {
            bounds = Arrays.copyOf(bounds, bounds.length * 2);
        }
        bounds[base] = from;
        bounds[base + 1] = to;
        bounds[base + 2] = valueFrom;
        bounds[base + 3] = valueTo;
    }

    byte[] page() {
        return page;
    }

    int seriesFrom() {
        return seriesFrom;
    }

    int seriesTo() {
        return seriesTo;
    }

    String metricName() {
        return pool.string(page, nameFrom, nameTo);
    }

    /** The labels read last, {@code __name__} included. */
    Labels stored() throws ParseException {
        String[] pairs = new String[2 * labelCount + 2];
        pairs[0] = Labels.METRIC_NAME;
        pairs[1] = metricName();
        return sorted(pairs, 2);
    }

    SeriesKey key() throws ParseException {
        Labels labels = sorted(new String[2 * labelCount], 0);
        if (labels.has(Labels.METRIC_NAME)) {
            throw error("label " + Labels.METRIC_NAME + " occurs twice");
        }
        return SeriesKey.of(metricName(), labels);
    }

    // Inserts the labels read last into pairs, which holds length strings already.
    private Labels sorted(String[] pairs, int length) throws ParseException {
        int filled = length;
        for (int i = 0; i < labelCount; i++) {
            String name = pool.string(page, bounds[4 * i], bounds[4 * i + 1]);
            int place = filled;
            while (place > 0) {
                int order = Utf8Order.compareUtf8(pairs[place - 2], name);
                if (order == 0) {
                    throw error("label " + name + " occurs twice");
                }
                if (order < 0) {
                    break;
                }
                place -= 2;
            }
            System.arraycopy(pairs, place, pairs, place + 2, filled - place);
            pairs[place] = name;
            pairs[place + 1] = pool.string(page, bounds[4 * i + 2], bounds[4 * i + 3]);
            filled += 2;
        }
        return Labels.ofSortedUnchecked(withoutEmpty(pairs));
    }

    private static String[] withoutEmpty(String[] pairs) {
        int kept = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i + 1].isEmpty()) {
                pairs[kept] = pairs[i];
                pairs[kept + 1] = pairs[i + 1];
                kept += 2;
            }
        }
        return kept == pairs.length ? pairs : Arrays.copyOf(pairs, kept);
    }

    /** A fault of the whole line. */
    ParseException lineError(String message) {
        return new ParseException(line, 0, message);
    }

    /** A fault at this place. */
    ParseException error(String message) {
        if (line == 0) {
            locate();
        }
        return new ParseException(line, at - lineStart + 1, message);
    }

    private void locate() {
        line = 1;
        for (int i = 0; i < at; i++) {
            if (page[i] == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
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
