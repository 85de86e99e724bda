package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.text.FloatText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Quoting as Go's {@code strconv} and {@code fmt} do it, which the texts of messages and canonical forms rest on. */
final class GoText {
    private GoText() {}

    /** {@code strconv.Quote}. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> appendEscaped(c, '"', out));
        return out.append('"').toString();
    }

    /** A set of labels with the name among them: {@code {__name__="up", job="api"}}. */
    static String labels(Labels labels) {
        StringBuilder out = new StringBuilder("{");
        for (int i = 0; i < labels.size(); i++) {
            out.append(i == 0 ? "" : ", ")
                    .append(Names.label(labels.name(i)))
                    .append('=')
                    .append(quote(labels.value(i)));
        }
        return out.append('}').toString();
    }

    /** {@code %q} of a rune: {@code 'x'}. */
    static String quoteRune(int c) {
        StringBuilder out = new StringBuilder(4).append('\'');
        appendEscaped(c < 0 ? Lexer.BROKEN : c, '\'', out);
        return out.append('\'').toString();
    }

    /** {@code %#U} of a rune: {@code U+002E '.'}. */
    static String unicode(int c) {
        String hex = String.format("U+%04X", c);
        return isPrint(c) ? hex + " '" + new String(Character.toChars(c)) + "'" : hex;
    }

    /** {@code %v} and {@code %g} of a float. */
    static String general(double value) {
        return FloatText.formatG(value);
    }

    /** {@code %.ng}: significant digits without trailing zeros. */
    static String significant(double value, int digits) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return general(value);
        }
        return general(new BigDecimal(value)
                .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                .doubleValue());
    }

    /** {@code %f}: six decimals. */
    static String fixed(double value) {
        return decimal(value, 6);
    }

    /** {@code %.nf}. */
    static String decimal(double value, int digits) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static void appendEscaped(int c, char quote, StringBuilder out) {
        if (c == quote || c == '\\') {
            out.append('\\').append((char) c);
        } else if (isPrint(c)) {
            out.appendCodePoint(c);
        } else {
            switch (c) {
                case 7 -> out.append("\\a");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case 11 -> out.append("\\v");
                default -> appendNumeric(c, out);
            }
        }
    }

    private static void appendNumeric(int c, StringBuilder out) {
        if (c < ' ' || c == 0x7f) {
            out.append(String.format("\\x%02x", c));
        } else if (c >= 0xDC80 && c <= 0xDCFF) {
            out.append(String.format("\\x%02x", c - 0xDC00));
        } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            out.append("\\ufffd");
        } else {
            out.append(String.format(c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
        }
    }

    /** Go's {@code strconv.IsPrint}: letters, marks, numbers, punctuation, symbols and the ASCII space. */
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
}
