package io.emberwatch.rules.engine;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rules that are evaluated one after the other at the same time.
 *
 * @param file the file that defines it, as it was given
 * @param name unique in its file
 * @param interval between evaluations; null stands for the server's
 * @param queryOffset how far in the past expressions are evaluated; null stands for the server's
 * @param limit how many series or alerts one rule may give; 0 for any number
 */
public record RuleGroup(
        String file,
        String name,
        @Nullable Duration interval,
        @Nullable Duration queryOffset,
        int limit,
        List<Rule> rules) {
    public RuleGroup {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(name, "name");
        rules = List.copyOf(rules);
    }

    /** What tells groups apart: {@code file;name}, the label value of their metrics. */
    public String key() {
        return file + ";" + name;
    }

    /** Everything that it is made of as one text. */
    String definition() {
        StringBuilder text = new StringBuilder(key())
                .append('\n')
                .append(interval)
                .append('\n')
                .append(queryOffset)
                .append('\n')
                .append(limit)
                .append('\n');
        rules.forEach(rule -> text.append(rule.definition()));
        return text.toString();
    }
}
