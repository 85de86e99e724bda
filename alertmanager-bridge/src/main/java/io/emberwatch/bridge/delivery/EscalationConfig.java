package io.emberwatch.bridge.delivery;

import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.List;

/**
 * Who else is told of an incident that nobody has acknowledged or silenced.
 *
 * @param after how long after it began
 * @param severities how bad it must be
 * @param channels who is told, beside those who know already
 */
public record EscalationConfig(
        @Default("15m") Duration after,
        @Default("[critical]") List<String> severities,
        List<String> channels) {
    public EscalationConfig {
        severities = List.copyOf(severities);
        channels = List.copyOf(channels);
        if (after.toMillis() < 1000) {
            throw new IllegalArgumentException("after: expected at least 1s");
        }
        if (!List.of("critical", "warning", "info").containsAll(severities) || severities.isEmpty()) {
            throw new IllegalArgumentException("severities: expected critical, warning or info");
        }
    }
}
