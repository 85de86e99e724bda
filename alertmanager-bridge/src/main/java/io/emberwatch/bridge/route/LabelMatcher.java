package io.emberwatch.bridge.route;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.List;

/**
 * One condition on a label, as Alertmanager writes them: {@code name=value}, {@code !=}, {@code =~}, {@code !~}. A label
 * that is not there has an empty value. Regular expressions are RE2's and match the whole value.
 *
 * @see <a href="https://prometheus.io/docs/alerting/latest/configuration/#matcher">matcher</a>
 */
final class LabelMatcher {
    private static final java.util.regex.Pattern SYNTAX = java.util.regex.Pattern.compile(
            "\\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(=~|!~|!=|=)\\s*(.*?)\\s*", java.util.regex.Pattern.DOTALL);

    private final String name;
    private final Operator operator;
    private final String value;
    private final Pattern pattern;

    private enum Operator {
        EQUAL("="),
        NOT_EQUAL("!="),
        MATCHES("=~"),
        MATCHES_NOT("!~");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }
    }

    private LabelMatcher(String name, Operator operator, String value) {
        this.name = name;
        this.operator = operator;
        this.value = value;
        this.pattern = Pattern.compile(
                operator == Operator.EQUAL || operator == Operator.NOT_EQUAL ? Pattern.quote(value) : value,
                Pattern.DOTALL);
    }

    /**
     * Reads one matcher; the value may stand in double quotes, within which a backslash escapes.
     *
     * @throws IllegalArgumentException with the text and what was expected
     */
    static LabelMatcher parse(String text) {
        java.util.regex.Matcher parts = SYNTAX.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    text + ": expected a matcher such as severity=\"critical\" or team=~\"a|b\"");
        }
        String value = unquote(parts.group(3), text);
        for (Operator operator : Operator.values()) {
            if (operator.sign.equals(parts.group(2))) {
                try {
                    return new LabelMatcher(parts.group(1), operator, value);
                } catch (PatternSyntaxException e) {
                    throw new IllegalArgumentException(text + ": " + e.getMessage(), e);
                }
            }
        }
        throw new IllegalArgumentException(text + ": unknown operator");
    }

    /** Reads what may be several matchers, in braces and with commas or without. */
    static List<LabelMatcher> parseAll(String text) {
        String inner = text.strip();
        if (inner.startsWith("{") && inner.endsWith("}")) {
            inner = inner.substring(1, inner.length() - 1);
        }
        List<LabelMatcher> matchers = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                matchers.add(parse(inner.substring(start, i)));
                start = i + 1;
            }
        }
        if (!inner.substring(start).isBlank()) {
            matchers.add(parse(inner.substring(start)));
        }
        return matchers;
    }

    private static String unquote(String value, String text) {
        if (!value.startsWith("\"")) {
            if (value.contains("\"")) {
                throw new IllegalArgumentException(text + ": a quote within a value that has none around it");
            }
            return value;
        }
        StringBuilder plain = new StringBuilder();
        int last = value.length() - 1;
        for (int i = 1; i < last; i++) {
            char c = value.charAt(i);
            if (c == '"') {
                throw new IllegalArgumentException(text + ": a quote within a value must be written \\\"");
            }
            if (c == '\\' && i + 1 < last) {
                i++;
                c = value.charAt(i);
                plain.append(c == 'n' ? "\n" : c == '"' || c == '\\' ? String.valueOf(c) : "\\" + c);
            } else {
                plain.append(c);
            }
        }
        if (last < 1 || value.charAt(last) != '"') {
            throw new IllegalArgumentException(text + ": the closing quote is missing");
        }
        return plain.toString();
    }

    boolean matches(Labels labels) {
        String found = labels.get(name);
        return switch (operator) {
            case EQUAL -> found.equals(value);
            case NOT_EQUAL -> !found.equals(value);
            case MATCHES -> pattern.matcher(found).matches();
            case MATCHES_NOT -> !pattern.matcher(found).matches();
        };
    }

    @Override
    public String toString() {
        return name + operator.sign + "\"" + value + "\"";
    }
}
