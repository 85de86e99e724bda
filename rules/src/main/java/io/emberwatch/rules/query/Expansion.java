package io.emberwatch.rules.query;

import com.google.re2j.Matcher;
import java.util.Map;

/**
 * Fills the groups of a match into a template as Go's {@code Regexp.Expand} does: {@code $1}, {@code $name}, {@code
 * ${name}}, {@code $$}; the longest name counts, so {@code $1x} is the group named {@code 1x}, and unknown groups are empty.
 */
final class Expansion {
    private Expansion() {}

    static String expand(String template, Matcher match) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < template.length()) {
            int dollar = template.indexOf('$', i);
            if (dollar < 0) {
                break;
            }
            out.append(template, i, dollar);
            i = dollar + 1;
            if (i < template.length() && template.charAt(i) == '$') {
                out.append('$');
                i++;
                continue;
            }
            boolean braces = i < template.length() && template.charAt(i) == '{';
            int begin = braces ? i + 1 : i;
            int end = begin;
            while (end < template.length() && isNamePart(template.codePointAt(end))) {
                end += Character.charCount(template.codePointAt(end));
            }
            boolean closed = !braces || (end < template.length() && template.charAt(end) == '}');
            if (end == begin || !closed) {
                out.append('$');
                continue;
            }
            out.append(group(template.substring(begin, end), match));
            i = braces ? end + 1 : end;
        }
        return out.append(template, i, template.length()).toString();
    }

    private static boolean isNamePart(int c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private static String group(String name, Matcher match) {
        boolean number = name.length() < 9 && name.chars().allMatch(c -> c >= '0' && c <= '9');
        Integer index;
        if (number && (name.length() == 1 || name.charAt(0) != '0')) {
            index = Integer.valueOf(name);
        } else {
            Map<String, Integer> names = match.pattern().namedGroups();
            index = names.get(name);
        }
        if (index == null || index > match.groupCount()) {
            return "";
        }
        String value = match.group(index);
        return value == null ? "" : value;
    }
}
