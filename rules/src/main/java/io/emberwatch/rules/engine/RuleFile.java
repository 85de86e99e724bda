package io.emberwatch.rules.engine;

import java.util.List;

/**
 * A rule file that can be used.
 *
 * @param file as it was given
 * @param warnings what is odd in it
 */
public record RuleFile(String file, List<RuleGroup> groups, List<RuleFault> warnings) {
    public RuleFile {
        groups = List.copyOf(groups);
        warnings = List.copyOf(warnings);
    }

    public int ruleCount() {
        return groups.stream().mapToInt(group -> group.rules().size()).sum();
    }
}
