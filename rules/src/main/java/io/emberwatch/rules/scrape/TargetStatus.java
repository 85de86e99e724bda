package io.emberwatch.rules.scrape;

import io.emberwatch.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a target does, as the HTTP API's {@code targets} shows it.
 *
 * @param job the scrape pool
 * @param discoveredLabels before relabelling
 * @param labels after it, those with two leading underscores left out
 * @param lastError of the last scrape; empty when it went well
 * @param lastScrape when the last scrape was planned, or null before the first
 * @param lastDuration how long it took
 * @param metadata what its last good page says of its metrics
 */
public record TargetStatus(
        String job,
        Labels discoveredLabels,
        Labels labels,
        String scrapeUrl,
        String lastError,
        @Nullable Instant lastScrape,
        Duration lastDuration,
        Health health,
        Duration interval,
        Duration timeout,
        List<MetricMetadata> metadata) {
    /** What the last scrape says. */
    public enum Health {
        UNKNOWN("unknown"),
        UP("up"),
        DOWN("down");

        private final String text;

        Health(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    public TargetStatus {
        metadata = List.copyOf(metadata);
    }
}
