package io.emberwatch.rules.engine;

import java.time.Instant;
import java.util.List;

/**
 * Groups evaluated at whatever times the caller says, for tests of rules and for trying rules on the past. Alerts from
 * before are not taken up. Of one thread.
 */
public final class RuleReplay {
    private final List<GroupRunner> runners;

    public RuleReplay(List<RuleGroup> groups, RuleEnvironment environment) {
        this.runners = groups.stream()
                .map(group -> new GroupRunner(group, environment, false))
                .toList();
    }

    /** Evaluates all groups in their order; {@code at} is later than the last. */
    public void evaluate(Instant at) {
        runners.forEach(runner -> runner.evaluate(at));
    }

    /** Evaluates the group at {@code index} alone. */
    public void evaluate(int index, Instant at) {
        runners.get(index).evaluate(at);
    }

    /** The groups as they stand, in their order. */
    public List<GroupStatus> groups() {
        return runners.stream().map(GroupRunner::status).toList();
    }
}
