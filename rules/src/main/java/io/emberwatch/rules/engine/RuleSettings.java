package io.emberwatch.rules.engine;

import io.emberwatch.model.Labels;
import java.time.Duration;
import java.util.Objects;

/**
 * What holds for all groups.
 *
 * @param evaluationInterval of groups that have none of their own; positive
 * @param queryOffset of groups that have none of their own
 * @param resendDelay how long until an alert that still fires is sent again
 * @param outageTolerance how long ago an alert may have been active last to be restored after a restart
 * @param gracePeriod how long a restored alert at least waits before it fires, unless its hold duration is shorter
 * @param externalLabels for templates only; alerts get them on their way out
 * @param externalUrl where this server is reached from outside, for templates and links; may be empty
 * @param policies what Prometheus has no words for
 * @param concurrency how many rules of all groups together are evaluated at the same time beyond one per group; 1 for one
 *     after the other
 */
public record RuleSettings(
        Duration evaluationInterval,
        Duration queryOffset,
        Duration resendDelay,
        Duration outageTolerance,
        Duration gracePeriod,
        Labels externalLabels,
        String externalUrl,
        RulePolicies policies,
        int concurrency) {
    private static final RuleSettings DEFAULTS = new RuleSettings(
            Duration.ofMinutes(1),
            Duration.ZERO,
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Duration.ofMinutes(10),
            Labels.EMPTY,
            "",
            RulePolicies.NONE,
            1);

    public RuleSettings {
        if (evaluationInterval.toMillis() <= 0) {
            throw new IllegalArgumentException("the evaluation interval must be positive, not " + evaluationInterval);
        }
        Objects.requireNonNull(externalLabels, "externalLabels");
        Objects.requireNonNull(externalUrl, "externalUrl");
        Objects.requireNonNull(policies, "policies");
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency must be at least 1, not " + concurrency);
        }
    }

    /** The defaults of a Prometheus server. */
    public static RuleSettings defaults() {
        return DEFAULTS;
    }

    public RuleSettings withEvaluationInterval(Duration value) {
        return new RuleSettings(
                value,
                queryOffset,
                resendDelay,
                outageTolerance,
                gracePeriod,
                externalLabels,
                externalUrl,
                policies,
                concurrency);
    }

    public RuleSettings withQueryOffset(Duration value) {
        return new RuleSettings(
                evaluationInterval,
                value,
                resendDelay,
                outageTolerance,
                gracePeriod,
                externalLabels,
                externalUrl,
                policies,
                concurrency);
    }

    public RuleSettings withExternal(Labels labels, String url) {
        return new RuleSettings(
                evaluationInterval,
                queryOffset,
                resendDelay,
                outageTolerance,
                gracePeriod,
                labels,
                url,
                policies,
                concurrency);
    }

    public RuleSettings withPolicies(RulePolicies value) {
        return new RuleSettings(
                evaluationInterval,
                queryOffset,
                resendDelay,
                outageTolerance,
                gracePeriod,
                externalLabels,
                externalUrl,
                value,
                concurrency);
    }

    public RuleSettings withConcurrency(int value) {
        return new RuleSettings(
                evaluationInterval,
                queryOffset,
                resendDelay,
                outageTolerance,
                gracePeriod,
                externalLabels,
                externalUrl,
                policies,
                value);
    }
}
