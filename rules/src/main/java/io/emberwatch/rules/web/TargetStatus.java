package io.emberwatch.rules.web;

import io.emberwatch.model.Labels;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A scrape target as it stands.
 *
 * @param discoveredLabels before relabelling
 * @param labels that its series get
 * @param job the name of its scrape job
 * @param lastScrape null before the first
 * @param health {@code up}, {@code down} or {@code unknown}
 * @param dropped whether relabelling dropped it; then only its discovered labels count
 */
public record TargetStatus(
        Labels discoveredLabels,
        Labels labels,
        String job,
        String url,
        String lastError,
        @Nullable Instant lastScrape,
        Duration lastDuration,
        String health,
        Duration interval,
        Duration timeout,
        boolean dropped) {}
