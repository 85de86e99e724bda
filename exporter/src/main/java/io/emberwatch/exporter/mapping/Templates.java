package io.emberwatch.exporter.mapping;

import com.google.re2j.Matcher;
import java.util.List;
import java.util.regex.Pattern;

/** Fills {@code $1}, {@code ${1}} and, for regular expressions, {@code $name} in names and label values. */
final class Templates {
    // As statsd_exporter: digits alone name a part, whatever follows them.
    private static final Pattern GLOB_REFERENCE = Pattern.compile("\\$\\{?([0-9]+)\\}?");

    // As Go's Regexp.Expand: the longest name counts, so that $1x is a group 1x and ${1}x is group 1 and an x.
    private static final Pattern REGEX_REFERENCE = Pattern.compile("\\$(?:\\$|([a-zA-Z0-9_]+)|\\{([a-zA-Z0-9_]+)\\})");

    private static final int MOST_DIGITS = 4;

    private Templates() {}

    static String glob(String template, List<String> captures) {
        if (template.indexOf('$') < 0) {
            return template;
        }
        java.util.regex.Matcher references = GLOB_REFERENCE.matcher(template);
        StringBuilder text = new StringBuilder();
        while (references.find()) {
            int part = number(references.group(1));
            String value = part >= 1 && part <= captures.size() ? captures.get(part - 1) : "";
            references.appendReplacement(text, java.util.regex.Matcher.quoteReplacement(value));
        }
        return references.appendTail(text).toString();
    }

    static String regex(String template, Matcher match) {
        if (template.indexOf('$') < 0) {
            return template;
        }
        java.util.regex.Matcher references = REGEX_REFERENCE.matcher(template);
        StringBuilder text = new StringBuilder();
        while (references.find()) {
            String name = references.group(1) == null ? references.group(2) : references.group(1);
            String value = name == null ? "$" : group(match, name);
            references.appendReplacement(text, java.util.regex.Matcher.quoteReplacement(value));
        }
        return references.appendTail(text).toString();
    }

    private static String group(Matcher match, String name) {
        String value;
        if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int group = number(name);
            value = group >= 0 && group <= match.groupCount() ? match.group(group) : null;
        } else {
            try {
                value = match.group(name);
            } catch (IllegalArgumentException noSuchGroup) {
                value = null;
            }
        }
        return value == null ? "" : value;
    }

    private static int number(String digits) {
        return digits.length() > MOST_DIGITS ? -1 : Integer.parseInt(digits);
    }
}
