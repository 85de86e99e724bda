package io.emberwatch.bridge.direct;

import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.List;

/**
 * How alerts of the rule engine become notifications when no Alertmanager is between; the keys mean what they mean in
 * Alertmanager's {@code route}.
 *
 * @param receiver the receiver that routes see
 * @param groupBy the labels that alerts of one group share; {@code ...} for every alert by itself
 * @param groupWait how long after a group's first alert it is told
 * @param groupInterval how long after that it is told of changes
 * @param repeatInterval after how long it is told again without a change
 * @param resolveTimeout for how long after a restart an alert counts as firing though the engine does not speak of it
 */
public record GroupingConfig(
        @Default("direct") String receiver,
        @Default("[alertname, cluster, sensor]") List<String> groupBy,
        @Default("15s") Duration groupWait,
        @Default("1m") Duration groupInterval,
        @Default("4h") Duration repeatInterval,
        @Default("5m") Duration resolveTimeout) {
    /** A member of {@link #groupBy} that stands for all labels. */
    static final String ALL = "...";

    public GroupingConfig {
        groupBy = List.copyOf(groupBy);
        if (groupBy.contains(ALL) && groupBy.size() > 1) {
            throw new IllegalArgumentException("group_by: '...' stands alone");
        }
        if (groupWait.isNegative()) {
            throw new IllegalArgumentException("group_wait: must not be negative");
        }
        if (groupInterval.toMillis() < 1000) {
            throw new IllegalArgumentException("group_interval: expected at least 1s");
        }
        if (repeatInterval.compareTo(groupInterval) < 0) {
            throw new IllegalArgumentException("repeat_interval: must not be below group_interval");
        }
        if (resolveTimeout.isNegative()) {
            throw new IllegalArgumentException("resolve_timeout: must not be negative");
        }
    }
}
