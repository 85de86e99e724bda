package io.emberwatch.rules.relabel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An RE2 expression that must match a whole text, as in relabelling; equal when its text is. */
final class Regex {
    private final String text;
    private final Pattern pattern;

    /** @throws IllegalArgumentException when it does not compile */
    Regex(String text) {
        this.text = text;
        try {
            // Compiled bare first, so that an unbalanced parenthesis cannot hide in the group around it.
            Pattern.compile(text);
            pattern = Pattern.compile("^(?s:" + text + ")$");
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(text + ": not a regular expression: " + e.getDescription(), e);
        }
    }

    boolean matches(String input) {
        return pattern.matches(input);
    }

    /** The match of the whole input, or null. */
    @Nullable
    Matcher match(String input) {
        Matcher matcher = pattern.matcher(input);
        return matcher.matches() ? matcher : null;
    }

    /**
     * A replacement with the groups of a match filled in, by the rules of Go's {@code regexp.Expand}: {@code $name} and
     * {@code ${name}}, the longest name possible, so {@code $1x} is the group called "1x"; a group that does not exist is
     * empty; {@code $$} is a dollar sign, and so is a dollar that begins no name.
     */
    static String expand(String template, Matcher match) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            char c = template.charAt(at);
            if (c != '$') {
                out.append(c);
                at++;
            } else if (template.startsWith("$$", at)) {
                out.append('$');
                at += 2;
            } else {
                boolean braces = template.startsWith("${", at);
                int from = at + (braces ? 2 : 1);
                int to = from;
                while (to < template.length() && isNamePart(template.charAt(to))) {
                    to++;
                }
                if (to == from || (braces && (to == template.length() || template.charAt(to) != '}'))) {
                    out.append('$');
                    at++;
                } else {
                    out.append(group(match, template.substring(from, to)));
                    at = braces ? to + 1 : to;
                }
            }
        }
        return out.toString();
    }

    private static boolean isNamePart(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private static String group(Matcher match, String name) {
        String value = null;
        if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            if (name.length() < 9 && Integer.parseInt(name) <= match.groupCount()) {
                value = match.group(Integer.parseInt(name));
            }
        } else if (match.pattern().namedGroups().containsKey(name)) {
            value = match.group(name);
        }
        return value == null ? "" : value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Regex regex && text.equals(regex.text);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
