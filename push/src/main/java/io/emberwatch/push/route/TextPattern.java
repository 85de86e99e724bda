package io.emberwatch.push.route;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A pattern for names and values: exact text; {@code *} and {@code ?} as wild cards; {@code /…/} as a regular expression
 * (RE2 syntax) that must match as a whole; {@code !} before any of them turns it round. A backslash before {@code *},
 * {@code ?}, {@code !}, {@code /} or a backslash takes it literally.
 */
final class TextPattern {
    private final String source;
    private final Pattern regex;
    private final boolean negated;

    private TextPattern(String source, Pattern regex, boolean negated) {
        this.source = source;
        this.regex = regex;
        this.negated = negated;
    }

    /** @throws IllegalArgumentException with the text and what is wrong with it */
    static TextPattern parse(String text) {
        boolean negated = text.startsWith("!");
        String body = negated ? text.substring(1) : text;
        if (body.isEmpty()) {
            throw new IllegalArgumentException("\"" + text + "\": a pattern must not be empty");
        }
        try {
            if (body.length() > 1 && body.startsWith("/") && body.endsWith("/")) {
                return new TextPattern(text, Pattern.compile(body.substring(1, body.length() - 1)), negated);
            }
            return new TextPattern(text, Pattern.compile(glob(body), Pattern.DOTALL), negated);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("\"" + text + "\": " + e.getMessage(), e);
        }
    }

    /** Matches this text and no other. */
    static TextPattern exactly(String text) {
        return new TextPattern(text, Pattern.compile(Pattern.quote(text), Pattern.DOTALL), false);
    }

    private static String glob(String body) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else {
                if (c == '\\' && i + 1 < body.length()) {
                    c = body.charAt(++i);
                }
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    boolean isNegated() {
        return negated;
    }

    /** Whether the text is what the pattern says, negation included. */
    boolean matches(String text) {
        return regex.matches(text) != negated;
    }

    @Override
    public String toString() {
        return source;
    }
}
