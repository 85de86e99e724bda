package io.emberwatch.rules.ruletest;

import io.emberwatch.rules.engine.Rule;
import io.emberwatch.rules.engine.RuleEvaluation;
import io.emberwatch.rules.engine.RuleGroup;
import io.emberwatch.rules.engine.RuleStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which rules gave a result in any test: a rule that never did is not tested, whatever its tests expect. */
final class RuleCoverage {
    private final Map<String, Boolean> rules = new LinkedHashMap<>();

    void loaded(List<RuleGroup> groups) {
        for (RuleGroup group : groups) {
            group.rules().forEach(rule -> rules.putIfAbsent(name(group, rule), false));
        }
    }

    void evaluated(RuleGroup group, RuleStatus status) {
        RuleEvaluation last = status.last();
        if (last != null && last.samples() > 0) {
            rules.put(name(group, status.rule()), true);
        }
    }

    private static String name(RuleGroup group, Rule rule) {
        return group.file() + ":" + rule.line() + ": group \"" + group.name() + "\", \"" + rule.name() + "\"";
    }

    int total() {
        return rules.size();
    }

    /** The rules that never gave a result, with their places. */
    List<String> untested() {
        List<String> untested = new ArrayList<>();
        rules.forEach((rule, tested) -> {
            if (!tested) {
                untested.add(rule);
            }
        });
        return untested;
    }
}
