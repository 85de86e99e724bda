package io.emberwatch.rules.template;

import io.emberwatch.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Go's {@code fmt.Sprintf} for the values of templates: all verbs and flags, width and precision (also as {@code *}),
 * explicit argument indexes, and Go's texts for what does not fit.
 */
final class GoPrintf {
    /** The widest that a value is padded to. */
    private static final int MAX_WIDTH = 10_000;

    /** A size that was given as an argument and is none. */
    private static final int UNUSABLE = Integer.MIN_VALUE;

    private final String format;
    private final List<@Nullable Object> args;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int arg;
    private boolean reordered;

    private GoPrintf(String format, List<@Nullable Object> args) {
        this.format = format;
        this.args = args;
    }

    static String sprintf(String format, List<@Nullable Object> args) {
        return new GoPrintf(format, args).run();
    }

    /** The flags, width and precision of one verb. */
    private static final class Spec {
        boolean minus;
        boolean plus;
        boolean sharp;
        boolean space;
        boolean zero;
        int width = -1;
        int precision = -1;
        String fault = "";
    }

    private String run() {
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            if (percent < 0) {
                out.append(format, at, format.length());
                break;
            }
            out.append(format, at, percent);
            at = percent + 1;
            verb();
        }
        if (!reordered && arg < args.size()) {
            extra();
        }
        return out.toString();
    }

    private void extra() {
        out.append("%!(EXTRA ");
        for (int i = arg; i < args.size(); i++) {
            Object value = args.get(i);
            out.append(i > arg ? ", " : "");
            out.append(value == null ? "<nil>" : GoValue.type(value) + "=" + GoValue.print(value));
        }
        out.append(')');
    }

    private void verb() {
        Spec spec = new Spec();
        flags(spec);
        index(spec);
        spec.width = size("width");
        if (spec.width == UNUSABLE) {
            spec.width = -1;
        } else if (spec.width < -1) {
            spec.minus = true;
            spec.zero = false;
            spec.width = -spec.width;
        }
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            index(spec);
            boolean star = at < format.length() && format.charAt(at) == '*';
            int given = size("precision");
            if (star && given < 0) {
                out.append(given == UNUSABLE ? "" : "%!(BADPREC)");
            } else {
                spec.precision = Math.max(0, given);
            }
        }
        index(spec);
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        int verb = format.codePointAt(at);
        at += Character.charCount(verb);
        if (verb == '%') {
            out.append('%');
        } else if (!spec.fault.isEmpty()) {
            out.append("%!").appendCodePoint(verb).append("(BADINDEX)");
        } else if (arg >= args.size()) {
            out.append("%!").appendCodePoint(verb).append("(MISSING)");
        } else {
            out.append(formatted(spec, (char) verb, args.get(arg++)));
        }
    }

    private void flags(Spec spec) {
        for (; at < format.length(); at++) {
            switch (format.charAt(at)) {
                case '-' -> {
                    spec.minus = true;
                    spec.zero = false;
                }
                case '+' -> spec.plus = true;
                case '#' -> spec.sharp = true;
                case ' ' -> spec.space = true;
                case '0' -> spec.zero = !spec.minus;
                default -> {
                    return;
                }
            }
        }
    }

    private void index(Spec spec) {
        if (at >= format.length() || format.charAt(at) != '[') {
            return;
        }
        reordered = true;
        int close = format.indexOf(']', at);
        int number = close < 0 ? -1 : decimal(format.substring(at + 1, close));
        if (number < 1 || number > args.size()) {
            spec.fault = "BADINDEX";
        } else {
            arg = number - 1;
        }
        at = close < 0 ? at + 1 : close + 1;
    }

    private static int decimal(String digits) {
        return digits.matches("[0-9]{1,6}") ? Integer.parseInt(digits) : -1;
    }

    private int size(String what) {
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            if (arg < args.size() && args.get(arg++) instanceof Long number && Math.abs(number) <= MAX_WIDTH) {
                return number.intValue();
            }
            out.append(what.equals("width") ? "%!(BADWIDTH)" : "%!(BADPREC)");
            return UNUSABLE;
        }
        int start = at;
        while (at < format.length() && Character.isDigit(format.charAt(at))) {
            at++;
        }
        int number = start == at ? -1 : decimal(format.substring(start, at));
        return Math.min(number, MAX_WIDTH);
    }

    private static String formatted(Spec spec, char verb, @Nullable Object value) {
        if (verb == 'T') {
            return pad(spec, GoValue.type(value));
        }
        if (verb == 'v') {
            spec.plus = false; // %+v is a form of its own, which differs for structs only
        }
        if (value == null) {
            return verb == 'v' ? pad(spec, "<nil>") : "%!" + verb + "(<nil>)";
        }
        if (value instanceof Double number) {
            return floating(spec, verb, number);
        }
        if (value instanceof Long number) {
            return integer(spec, verb, number);
        }
        if (value instanceof Boolean bool) {
            return verb == 't' || verb == 'v' ? pad(spec, bool.toString()) : bad(verb, value);
        }
        if (value instanceof String string) {
            return string(spec, verb, string);
        }
        if (value instanceof GoTime.Named named) {
            return "vsqxX".indexOf(verb) >= 0 ? string(spec, verb, named.name()) : integer(spec, verb, named.number());
        }
        if (value instanceof GoTime || value instanceof GoDuration) {
            return string(spec, verb, value.toString());
        }
        return composite(spec, verb, value);
    }

    private static String bad(char verb, Object value) {
        return "%!" + verb + "(" + GoValue.type(value) + "=" + GoValue.print(value) + ")";
    }

    private static String composite(Spec spec, char verb, Object value) {
        if (value instanceof Labels labels) {
            return composite(spec, verb, labels.toMap());
        }
        if (value instanceof Map<?, ?> map) {
            StringBuilder text = new StringBuilder("map[");
            map.forEach((key, entry) -> text.append(text.length() > 4 ? " " : "")
                    .append(formatted(spec, verb, key))
                    .append(':')
                    .append(formatted(spec, verb, entry)));
            return text.append(']').toString();
        }
        if (value instanceof GoValue.Element element) {
            return "&{" + composite(spec, verb, element.labels()) + " " + floating(spec, verb, element.value()) + "}";
        }
        return verb == 'v' || verb == 's' ? pad(spec, GoValue.print(value)) : bad(verb, value);
    }

    private static String floating(Spec spec, char verb, double value) {
        char shape = verb;
        int precision = spec.precision;
        switch (verb) {
            case 'v' -> shape = 'g';
            case 'e', 'E', 'f', 'F' -> precision = precision < 0 ? 6 : precision;
            case 'g', 'G' -> {
                // shortest unless a precision is given
            }
            case 'x', 'X', 'b' -> {
                return pad(spec, GoFloat.binary(value, verb));
            }
            default -> {
                return bad(verb, value);
            }
        }
        String text = GoFloat.format(value, shape, Math.min(precision, GoFloat.MAX_PRECISION));
        if (spec.sharp && (verb == 'g' || verb == 'G')) {
            text = withZeros(text, precision < 0 ? 6 : Math.max(1, precision));
        }
        boolean finite = !Double.isNaN(value) && !Double.isInfinite(value);
        if (text.startsWith("+") && !spec.plus) {
            text = Double.isInfinite(value) ? text : text.substring(1);
        } else if (!text.startsWith("-") && !text.startsWith("+")) {
            text = (spec.plus ? "+" : spec.space ? " " : "") + text;
        }
        if (spec.zero && finite) {
            return zeroPad(spec, text);
        }
        return pad(spec, text);
    }

    // The flag # keeps the point and the zeros that %g leaves out.
    private static String withZeros(String text, int digits) {
        int exponent = text.toLowerCase(Locale.ROOT).indexOf('e');
        String mantissa = exponent < 0 ? text : text.substring(0, exponent);
        String rest = exponent < 0 ? "" : text.substring(exponent);
        if (!Character.isDigit(mantissa.charAt(mantissa.length() - 1))) {
            return text;
        }
        String significant = mantissa.replaceFirst("^[+-]?0*\\.?0*", "").replace(".", "");
        int missing = Math.max(0, digits - Math.max(significant.length(), mantissa.matches("[+-]?0(\\.0*)?") ? 1 : 0));
        return mantissa + (mantissa.contains(".") ? "" : ".") + "0".repeat(Math.min(missing, MAX_WIDTH)) + rest;
    }

    private static String zeroPad(Spec spec, String text) {
        String sign = !text.isEmpty() && "+- ".indexOf(text.charAt(0)) >= 0 ? text.substring(0, 1) : "";
        String digits = text.substring(sign.length());
        return sign + "0".repeat(Math.max(0, spec.width - text.length())) + digits;
    }

    private static String integer(Spec spec, char verb, long value) {
        String digits;
        String prefix = "";
        switch (verb) {
            case 'd', 'v' -> digits = unsigned(value, 10);
            case 'b' -> {
                digits = unsigned(value, 2);
                prefix = spec.sharp ? "0b" : "";
            }
            case 'o', 'O' -> {
                digits = unsigned(value, 8);
                prefix = verb == 'O' ? "0o" : spec.sharp ? "0" : "";
            }
            case 'x', 'X' -> {
                digits = unsigned(value, 16);
                digits = verb == 'X' ? digits.toUpperCase(Locale.ROOT) : digits;
                prefix = spec.sharp ? "0" + verb : "";
            }
            case 'c' -> {
                return pad(spec, rune(value));
            }
            case 'q' -> {
                return pad(spec, GoText.quoteRune(rune(value).codePointAt(0)));
            }
            case 'U' -> {
                boolean shown = spec.sharp && GoText.isPrint(rune(value).codePointAt(0));
                String quoted = shown ? " '" + rune(value) + "'" : "";
                return pad(spec, String.format(Locale.ROOT, "U+%04X", value) + quoted);
            }
            default -> {
                return bad(verb, value);
            }
        }
        if (spec.precision > digits.length()) {
            digits = "0".repeat(Math.min(spec.precision, MAX_WIDTH) - digits.length()) + digits;
        }
        String sign = value < 0 ? "-" : spec.plus ? "+" : spec.space ? " " : "";
        if (spec.zero && spec.precision < 0) {
            return sign
                    + prefix
                    + "0".repeat(Math.max(0, spec.width - sign.length() - prefix.length() - digits.length()))
                    + digits;
        }
        return pad(spec, sign + prefix + digits);
    }

    private static String unsigned(long value, int radix) {
        String text = Long.toString(value, radix);
        return text.startsWith("-") ? text.substring(1) : text;
    }

    private static String rune(long value) {
        return Character.toString(value >= 0 && value <= Character.MAX_CODE_POINT ? (int) value : 0xFFFD);
    }

    private static String string(Spec spec, char verb, String value) {
        String text = value;
        if (spec.precision >= 0 && verb != 'x' && verb != 'X') {
            int length = text.codePointCount(0, text.length());
            text = text.substring(0, text.offsetByCodePoints(0, Math.min(spec.precision, length)));
        }
        return switch (verb) {
            case 's', 'v' -> pad(spec, verb == 'v' && spec.sharp ? GoText.quote(text) : text);
            case 'q' -> pad(spec, quoted(spec, text));
            case 'x', 'X' -> pad(spec, hex(spec, verb, text));
            default -> bad(verb, value);
        };
    }

    private static String quoted(Spec spec, String text) {
        if (spec.sharp && !text.contains("`")) {
            return "`" + text + "`";
        }
        return spec.plus ? GoText.quoteToAscii(text) : GoText.quote(text);
    }

    private static String hex(Spec spec, char verb, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (spec.precision >= 0 && spec.precision < bytes.length) {
            bytes = Arrays.copyOf(bytes, spec.precision);
        }
        HexFormat form = verb == 'X' ? HexFormat.of().withUpperCase() : HexFormat.of();
        String prefix = spec.sharp && bytes.length > 0 ? "0" + verb : "";
        if (spec.space) {
            form = form.withDelimiter(" " + prefix);
        }
        return prefix + form.formatHex(bytes);
    }

    private static String pad(Spec spec, String text) {
        int missing = spec.width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        return spec.minus ? text + " ".repeat(missing) : (spec.zero ? "0" : " ").repeat(missing) + text;
    }
}
