package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import io.emberwatch.model.Staleness;
import io.emberwatch.rules.query.SyntaxException.Fault;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The notation of test series: {@code up{job="api"} 1 2+3x4 _ _x2 stale NaN}.
 *
 * <p>Prometheus documentation, "Unit testing for rules", series: {@code a+bxn} is a, a+b … n+1 values in all; {@code
 * axn} is n+1 times a; {@code _} is no sample, {@code _xn} is none n times; {@code stale} is a stale marker.
 */
public final class SeriesNotation {
    /** How many values one series may have. */
    public static final int MAX_VALUES = 10_000_000;

    /**
     * One line of the notation.
     *
     * @param values one per step, 0 where there is none
     * @param present which steps have a value
     * @param histogramSteps which steps have a native histogram, which is not read and not {@code present}
     */
    @SuppressWarnings("ArrayRecordComponent") // handed straight to a series; never compared
    public record Row(Labels labels, double[] values, BitSet present, BitSet histogramSteps) {
        /** Whether some steps hold native histograms. */
        public boolean histograms() {
            return !histogramSteps.isEmpty();
        }

        /** The values as points at {@code startMillis}, {@code startMillis + stepMillis} … */
        public Series toSeries(long startMillis, long stepMillis) {
            int size = present.cardinality();
            long[] timestamps = new long[size];
            double[] points = new double[size];
            int n = 0;
            for (int i = present.nextSetBit(0); i >= 0; i = present.nextSetBit(i + 1)) {
                timestamps[n] = startMillis + i * stepMillis;
                points[n++] = values[i];
            }
            return new Series(labels, timestamps, points);
        }
    }

    private final byte[] input;
    private int pos;
    private double[] values = new double[16];
    private final BitSet present = new BitSet();
    private int size;
    private final BitSet histograms = new BitSet();

    private SeriesNotation(byte[] input, int pos) {
        this.input = input;
        this.pos = pos;
    }

    /**
     * Reads a series and its values.
     *
     * @throws SyntaxException worded as Prometheus words it
     */
    public static Row parse(String line) throws SyntaxException {
        byte[] input = Utf8.bytes(line);
        int end = metricEnd(input);
        Labels labels = parseLabels(Utf8.text(input, 0, end));
        SeriesNotation notation = new SeriesNotation(input, end);
        notation.values();
        return new Row(labels, Arrays.copyOf(notation.values, notation.size), notation.present, notation.histograms);
    }

    /** The beginning of a line that names the series, as written; what follows are its values. */
    public static String metric(String line) {
        byte[] input = Utf8.bytes(line);
        return Utf8.text(input, 0, metricEnd(input));
    }

    /**
     * Reads only {@code name{label="value"}}, all matchers equalities.
     *
     * @throws SyntaxException worded as Prometheus words it
     */
    public static Labels parseLabels(String text) throws SyntaxException {
        return new Parser(text, false).metric();
    }

    /**
     * Reads a quoted string as expressions hold it.
     *
     * @throws SyntaxException worded as Prometheus words it
     */
    public static String parseString(String quoted) throws SyntaxException {
        Expr expr = Promql.parse(quoted);
        if (expr instanceof Expr.StringLiteral string) {
            return string.value();
        }
        throw new SyntaxException(List.of(Fault.of(Utf8.bytes(quoted), expr.span(), "expected string")));
    }

    /** A string in quotes, as {@link #parseString} reads it. */
    public static String quoted(String text) {
        return GoText.quote(text);
    }

    /** A set of labels, the name among them: {@code {__name__="up", "a.b"="c"}}. */
    public static String print(Labels labels) {
        return GoText.labels(labels);
    }

    /** A metric ends where its name does, or where the brace that follows it at once is closed. */
    private static int metricEnd(byte[] input) {
        int i = 0;
        while (i < input.length && (Lexer.isAlphaNumeric(input[i]) || input[i] == ':')) {
            i++;
        }
        if (i == input.length || input[i] != '{') {
            return i;
        }
        byte quote = 0;
        for (; i < input.length; i++) {
            byte b = input[i];
            if (quote != 0) {
                if (b == '\\' && quote != '`') {
                    i++;
                } else if (b == quote) {
                    quote = 0;
                }
            } else if (b == '"' || b == '\'' || b == '`') {
                quote = b;
            } else if (b == '}') {
                return i + 1;
            }
        }
        return input.length;
    }

    private void values() throws SyntaxException {
        while (pos < input.length) {
            if (!Lexer.isSpace(input[pos])) {
                throw unexpected("unexpected " + rest() + " in series values");
            }
            while (pos < input.length && Lexer.isSpace(input[pos])) {
                pos++;
            }
            if (pos < input.length) {
                item();
            }
        }
    }

    private void item() throws SyntaxException {
        if (input[pos] == '_') {
            pos++;
            int count = repeats() ? repetitions() : 1;
            grow(count);
            size += count;
        } else if (input[pos] == '{') {
            histogram();
        } else if (Lexer.isAlpha(input[pos])) {
            word();
        } else {
            number();
        }
    }

    private void word() throws SyntaxException {
        int begin = pos;
        while (pos < input.length && Lexer.isAlpha(input[pos]) && !startsRepetition(pos)) {
            pos++;
        }
        String word = Utf8.text(input, begin, pos);
        if (word.equals("stale")) {
            add(Staleness.STALE_NAN, repeats() ? repetitions() + 1 : 1, 0);
        } else if (Kind.ofWord(word) == Kind.NUMBER) {
            sequence(Literals.number(word));
        } else {
            pos = begin;
            throw unexpected("unexpected " + rest() + " in series values, expected number or \"stale\"");
        }
    }

    private void number() throws SyntaxException {
        sequence(signed());
    }

    private void sequence(double first) throws SyntaxException {
        if (repeats()) {
            add(first, repetitions() + 1, 0);
        } else if (pos < input.length && (input[pos] == '+' || input[pos] == '-')) {
            double increment = signed();
            if (!repeats()) {
                throw unexpected("unexpected " + rest() + " in series values");
            }
            add(first, repetitions() + 1, increment);
        } else {
            add(first, 1, 0);
        }
    }

    private double signed() throws SyntaxException {
        boolean negative = pos < input.length && input[pos] == '-';
        if (negative || (pos < input.length && input[pos] == '+')) {
            pos++;
        }
        int begin = pos;
        if (pos < input.length && Lexer.isAlpha(input[pos])) {
            while (pos < input.length && Lexer.isAlpha(input[pos]) && !startsRepetition(pos)) {
                pos++;
            }
        } else {
            Lexer lexer = new Lexer(input);
            lexer.pos = pos;
            if (!new NumberScanner(lexer, true).scan()) {
                throw unexpected("unexpected character in series sequence: " + GoText.quoteRune(lexer.peek()));
            }
            pos = lexer.pos;
        }
        try {
            double value = Literals.number(Utf8.text(input, begin, pos));
            return negative ? -value : value;
        } catch (IllegalArgumentException e) {
            pos = begin;
            throw unexpected("error parsing number: " + e.getMessage());
        }
    }

    private boolean startsRepetition(int i) {
        return input[i] == 'x' && i + 1 < input.length && Lexer.isDigit(input[i + 1]);
    }

    private boolean repeats() {
        return pos < input.length && input[pos] == 'x';
    }

    private int repetitions() throws SyntaxException {
        pos++;
        int begin = pos;
        while (pos < input.length && Lexer.isDigit(input[pos])) {
            pos++;
        }
        String text = Utf8.text(input, begin, pos);
        if (text.isEmpty() || text.length() > 9 || Integer.parseInt(text) >= MAX_VALUES) {
            pos = begin;
            throw unexpected("invalid repetition in series values: " + GoText.quote(text));
        }
        return Integer.parseInt(text);
    }

    private void add(double first, int count, double increment) throws SyntaxException {
        grow(count);
        double value = first;
        for (int i = 0; i < count; i++) {
            present.set(size);
            values[size++] = value;
            if (increment != 0) {
                value += increment;
            }
        }
    }

    private void grow(int count) throws SyntaxException {
        if (size + count > MAX_VALUES) {
            throw unexpected("more than " + MAX_VALUES + " series values");
        }
        if (size + count > values.length) {
            values = Arrays.copyOf(values, Math.max(size + count, Math.min(MAX_VALUES, 2 * size)));
        }
    }

    /** Skips {@code {{…}}}, {@code {{…}}x3} and {@code {{…}}+{{…}}x3}. */
    private void histogram() throws SyntaxException {
        int count = 1;
        skipHistogram();
        if (pos < input.length && (input[pos] == '+' || input[pos] == '-')) {
            pos++;
            skipHistogram();
        }
        if (repeats()) {
            count = repetitions() + 1;
        }
        grow(count);
        histograms.set(size, size + count);
        size += count;
    }

    private void skipHistogram() throws SyntaxException {
        if (pos + 1 >= input.length || input[pos] != '{' || input[pos + 1] != '{') {
            throw unexpected("unexpected " + rest() + " in series values");
        }
        while (pos + 1 < input.length && !(input[pos] == '}' && input[pos + 1] == '}')) {
            pos++;
        }
        if (pos + 1 >= input.length) {
            throw unexpected("histogram description incomplete");
        }
        pos += 2;
    }

    private String rest() {
        int end = pos;
        while (end < input.length && !Lexer.isSpace(input[end])) {
            end++;
        }
        return GoText.quote(Utf8.text(input, pos, end));
    }

    private SyntaxException unexpected(String message) {
        return new SyntaxException(List.of(Fault.of(input, new Span(pos, input.length), message)));
    }
}
