package io.emberwatch.exporter.processes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a group as process-exporter writes it: text with fields in double braces.
 *
 * @param parts text and fields in turn, beginning with text
 */
record NameTemplate(List<String> parts) {
    private static final Pattern FIELD = Pattern.compile("\\{\\{-?\\s*\\.([A-Za-z]+(?:\\.[A-Za-z_0-9]+)?)\\s*-?}}");
    private static final String MATCHES = "Matches.";
    private static final Set<String> FIELDS =
            Set.of("Comm", "ExeBase", "ExeFull", "Username", "PID", "StartTime", "Cgroups", "Matches");

    /** @throws IllegalArgumentException with what cannot be read */
    static NameTemplate parse(String text) {
        List<String> parts = new ArrayList<>();
        Matcher field = FIELD.matcher(text);
        int end = 0;
        while (field.find()) {
            String name = field.group(1);
            if (!FIELDS.contains(name) && !name.startsWith(MATCHES)) {
                throw new IllegalArgumentException("name: " + field.group() + " is no field; there are " + FIELDS);
            }
            parts.add(text.substring(end, field.start()));
            parts.add(name);
            end = field.end();
        }
        parts.add(text.substring(end));
        for (int i = 0; i < parts.size(); i += 2) {
            if (parts.get(i).contains("{{")) {
                throw new IllegalArgumentException(
                        "name: " + text + ": of templates only fields such as {{.Comm}} are" + " understood");
            }
        }
        return new NameTemplate(parts);
    }

    boolean needs(String field) {
        for (int i = 1; i < parts.size(); i += 2) {
            if (parts.get(i).equals(field)) {
                return true;
            }
        }
        return false;
    }

    /** @param values the value of a field */
    String render(UnaryOperator<String> values) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            name.append(i % 2 == 0 ? parts.get(i) : values.apply(parts.get(i)));
        }
        return name.toString();
    }
}
