package io.emberwatch.rules.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group as it stands.
 *
 * @param interval the one in force
 * @param lastEvaluation the time of the last evaluation, or null before the first
 * @param lastDuration how long that took
 */
public record GroupStatus(
        RuleGroup group,
        Duration interval,
        @Nullable Instant lastEvaluation,
        Duration lastDuration,
        List<RuleStatus> rules) {
    public GroupStatus {
        rules = List.copyOf(rules);
    }
}
