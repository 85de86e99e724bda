package io.emberwatch.rules.query;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.model.Labels;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A condition on one label of a series: {@code job="api"}, {@code code!~"5.."}.
 *
 * <p>Regular expressions are RE2 (linear time, no backreferences), anchored at both ends, and their dot matches line
 * breaks: {@code ^(?s:…)$}. A label that a series does not have counts as the empty string.
 */
public final class Matcher {
    /** How a matcher compares; {@link #text} is its spelling in PromQL. */
    public enum Type {
        EQ("="),
        NEQ("!="),
        RE("=~"),
        NRE("!~");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    private final Type type;
    private final String name;
    private final String value;
    private final @Nullable Pattern pattern;

    private Matcher(Type type, String name, String value, @Nullable Pattern pattern) {
        this.type = type;
        this.name = name;
        this.value = value;
        this.pattern = pattern;
    }

    /**
     * A matcher for the label {@code name}.
     *
     * @throws IllegalArgumentException when a regular expression does not compile; the message is worded as Go's
     */
    public static Matcher of(Type type, String name, String value) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        boolean regex = type == Type.RE || type == Type.NRE;
        return new Matcher(type, name, value, regex ? anchored(value) : null);
    }

    public static Matcher equal(String name, String value) {
        return of(Type.EQ, name, value);
    }

    /**
     * A regular expression as PromQL uses it everywhere: RE2, matching whole values, dot matching line breaks.
     *
     * @throws IllegalArgumentException worded as Go words it
     */
    static Pattern anchored(String regex) {
        try {
            // Compiled bare first, so that an unbalanced parenthesis cannot hide in the group around it.
            Pattern.compile(regex);
            return Pattern.compile("^(?s:" + regex + ")$");
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("error parsing regexp: " + fault(regex, e), e);
        }
    }

    private static String fault(String regex, PatternSyntaxException e) {
        // RE2/J meets a closing parenthesis too many as a stack underflow of its own.
        return e.getPattern().contains("stack underflow")
                ? "unexpected ): `" + regex + "`"
                : e.getDescription() + ": `" + e.getPattern() + "`";
    }

    public Type type() {
        return type;
    }

    public String name() {
        return name;
    }

    public String value() {
        return value;
    }

    /** Whether a label value (empty when the series lacks the label) meets the condition. */
    public boolean matches(String labelValue) {
        return switch (type) {
            case EQ -> value.equals(labelValue);
            case NEQ -> !value.equals(labelValue);
            case RE -> Objects.requireNonNull(pattern).matches(labelValue);
            case NRE -> !Objects.requireNonNull(pattern).matches(labelValue);
        };
    }

    public boolean matches(Labels labels) {
        return matches(labels.get(name));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Matcher m && type == m.type && name.equals(m.name) && value.equals(m.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, name, value);
    }

    /** The matcher as PromQL writes it, the name quoted where the classic syntax requires it. */
    @Override
    public String toString() {
        return Names.label(name) + type.text() + GoText.quote(value);
    }
}
