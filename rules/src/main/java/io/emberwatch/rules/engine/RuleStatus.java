package io.emberwatch.rules.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule as it stands.
 *
 * @param state of an alerting rule; {@link AlertState#INACTIVE} for a recording rule
 * @param recent its last evaluations, the newest first
 * @param alerts its pending and firing alerts
 * @param withoutSeries selectors of its expression that found no series in the last evaluation
 */
public record RuleStatus(
        Rule rule,
        RuleHealth health,
        AlertState state,
        List<RuleEvaluation> recent,
        List<ActiveAlert> alerts,
        List<String> withoutSeries) {
    public RuleStatus {
        withoutSeries = List.copyOf(withoutSeries);
        recent = List.copyOf(recent);
        alerts = List.copyOf(alerts);
    }

    /** The last evaluation, or null before the first. */
    public @Nullable RuleEvaluation last() {
        return recent.isEmpty() ? null : recent.get(0);
    }
}
