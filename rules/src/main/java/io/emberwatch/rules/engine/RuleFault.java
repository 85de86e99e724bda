package io.emberwatch.rules.engine;

import java.util.Objects;

/**
 * Something wrong in a rule file.
 *
 * @param line counted from 1, 0 when the file as a whole is meant
 * @param column counted from 1, 0 when the line or the file as a whole is meant
 * @param group the group's name, or empty
 * @param rule the rule's number in its group, counted from 1, or 0
 * @param name the rule's name, or empty
 */
public record RuleFault(String file, int line, int column, String group, int rule, String name, String message) {
    public RuleFault {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(message, "message");
    }

    /** As promtool prints it: {@code rules.yml: 7:15: group "g", rule 1, "x": could not parse expression: …}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file).append(": ");
        if (line > 0) {
            text.append(line).append(':').append(column).append(": ");
        }
        if (!group.isEmpty()) {
            text.append("group \"").append(group).append("\", ");
            if (rule > 0) {
                text.append("rule ").append(rule).append(", \"").append(name).append("\": ");
            } else {
                text.setLength(text.length() - 2);
                text.append(": ");
            }
        }
        return text.append(message).toString();
    }
}
