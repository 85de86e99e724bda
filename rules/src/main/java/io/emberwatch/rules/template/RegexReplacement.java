package io.emberwatch.rules.template;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Map;

/**
 * Replaces matches as Go's {@code Regexp.ReplaceAllString} does: {@code $name} takes the longest run of letters, digits
 * and underscores ({@code $1x} is the group named {@code 1x}), a group that is not there is empty, {@code $$} is a
 * dollar sign.
 */
final class RegexReplacement {
    private final Pattern pattern;
    private final String template;

    RegexReplacement(Pattern pattern, String template) {
        this.pattern = pattern;
        this.template = template;
    }

    String apply(String text) {
        Matcher matcher = pattern.matcher(text);
        StringBuilder out = new StringBuilder();
        int copied = 0;
        int lastEnd = -1;
        while (matcher.find()) {
            boolean emptyAfterMatch = matcher.end() == matcher.start() && matcher.start() == lastEnd;
            if (emptyAfterMatch) {
                continue; // Go allows no empty match right behind the last one
            }
            out.append(text, copied, matcher.start());
            expand(matcher, out);
            copied = matcher.end();
            lastEnd = matcher.end();
        }
        return out.append(text, copied, text.length()).toString();
    }

    private void expand(Matcher matcher, StringBuilder out) {
        int at = 0;
        while (at < template.length()) {
            int dollar = template.indexOf('$', at);
            if (dollar < 0 || dollar + 1 >= template.length()) {
                out.append(template, at, template.length());
                return;
            }
            out.append(template, at, dollar);
            at = reference(matcher, dollar, out);
        }
    }

    private int reference(Matcher matcher, int dollar, StringBuilder out) {
        if (template.charAt(dollar + 1) == '$') {
            out.append('$');
            return dollar + 2;
        }
        boolean braced = template.charAt(dollar + 1) == '{';
        int start = dollar + (braced ? 2 : 1);
        int end = start;
        while (end < template.length() && isWord(template.charAt(end))) {
            end++;
        }
        boolean closed = !braced || (end < template.length() && template.charAt(end) == '}');
        if (end == start || !closed) {
            out.append('$');
            return dollar + 1;
        }
        out.append(group(matcher, template.substring(start, end)));
        return braced ? end + 1 : end;
    }

    private static boolean isWord(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private String group(Matcher matcher, String name) {
        int index = -1;
        if (name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() < 9) {
            index = Integer.parseInt(name);
        } else {
            Map<String, Integer> named = pattern.namedGroups();
            Integer found = named.get(name);
            index = found == null ? -1 : found;
        }
        String value = index >= 0 && index <= matcher.groupCount() ? matcher.group(index) : null;
        return value == null ? "" : value;
    }
}
