package io.emberwatch.rules.engine;

import java.util.List;

/** What holds for which groups and alerts; the first that names one holds for it. */
public record RulePolicies(List<AlertPolicy> alerts, List<GroupPolicy> groups) {
    /** As Prometheus does. */
    public static final RulePolicies NONE = new RulePolicies(List.of(), List.of());

    public RulePolicies {
        alerts = List.copyOf(alerts);
        groups = List.copyOf(groups);
    }

    AlertPolicy of(String group, String alert) {
        return alerts.stream()
                .filter(policy -> policy.holdsFor(group, alert))
                .findFirst()
                .orElse(AlertPolicy.DEFAULT);
    }

    GroupPolicy of(String group) {
        return groups.stream()
                .filter(policy -> policy.holdsFor(group))
                .findFirst()
                .orElse(GroupPolicy.DEFAULT);
    }
}
