package io.emberwatch.rules.template;

import io.emberwatch.model.text.FloatText;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers of templates: Go's integer and floating-point literals. */
final class Numbers {
    private Numbers() {}

    /** The number as Long or Double, or null when it is none; a literal with a point or an exponent is a Double. */
    static @Nullable Object parse(String literal) {
        String text = literal;
        String lower = text.toLowerCase(Locale.ROOT);
        boolean hex = lower.contains("0x");
        boolean looksFloat = hex ? lower.contains("p") : lower.contains(".") || lower.contains("e");
        if (!looksFloat) {
            return parseInt(text);
        }
        if (lower.startsWith("_") || lower.endsWith("_") || lower.contains("__")) {
            return null;
        }
        try {
            return FloatText.parse(text.replace("_", ""));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Why {@link #parse} does not take a literal, worded as Go words it. */
    static String fault(String literal) {
        boolean digits = literal.matches("[+-]?[0-9_]+");
        boolean underscores = literal.contains("__") || literal.endsWith("_");
        return (digits && !underscores ? "integer overflow: " : "illegal number syntax: ") + GoText.quote(literal);
    }

    private static @Nullable Long parseInt(String literal) {
        boolean negative = literal.startsWith("-");
        String digits = negative || literal.startsWith("+") ? literal.substring(1) : literal;
        String lower = digits.toLowerCase(Locale.ROOT);
        int radix = 10;
        if (lower.startsWith("0x")) {
            radix = 16;
        } else if (lower.startsWith("0b")) {
            radix = 2;
        } else if (lower.startsWith("0o")) {
            radix = 8;
        }
        String body = radix == 10 ? digits : digits.substring(2);
        if (radix == 10 && body.length() > 1 && body.startsWith("0")) {
            radix = 8;
        }
        if (body.isEmpty() || body.endsWith("_") || body.contains("__") || body.contains("+") || body.contains("-")) {
            return null;
        }
        if (body.startsWith("_") && radix == 10) {
            return null;
        }
        try {
            return Long.parseLong((negative ? "-" : "") + body.replace("_", ""), radix);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
