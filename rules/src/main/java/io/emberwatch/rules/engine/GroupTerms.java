package io.emberwatch.rules.engine;

import java.time.Duration;
import java.time.Instant;

/** What a group's rules are evaluated under. */
record GroupTerms(RuleEnvironment environment, Duration interval, Duration queryOffset, int limit, GroupPolicy policy) {
    static GroupTerms of(RuleGroup group, RuleEnvironment environment) {
        RuleSettings settings = environment.settings();
        Duration interval = group.interval();
        Duration offset = group.queryOffset();
        return new GroupTerms(
                environment,
                interval == null ? settings.evaluationInterval() : interval,
                offset == null ? settings.queryOffset() : offset,
                group.limit(),
                settings.policies().of(group.name()));
    }

    /** The time that expressions are evaluated at, and that results are written at. */
    Instant queryTime(Instant at) {
        return at.minus(queryOffset);
    }
}
