package io.emberwatch.rules.ruletest;

import java.time.Duration;
import java.util.List;

/**
 * A file of unit tests for rules, in promtool's format.
 *
 * @param ruleFiles patterns, relative to the file's folder
 * @param evaluationInterval between evaluations of the rules
 * @param groupOrder the names of groups in the order that they are evaluated in; others come first
 * @param fuzzyCompare whether a value may differ in its last bit
 */
record RuleTestFile(
        List<String> ruleFiles,
        Duration evaluationInterval,
        List<String> groupOrder,
        boolean fuzzyCompare,
        List<TestGroup> tests) {
    RuleTestFile {
        ruleFiles = List.copyOf(ruleFiles);
        groupOrder = List.copyOf(groupOrder);
        tests = List.copyOf(tests);
    }
}
