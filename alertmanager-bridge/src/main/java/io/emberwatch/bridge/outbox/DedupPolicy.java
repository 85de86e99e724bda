package io.emberwatch.bridge.outbox;

import io.emberwatch.service.config.Default;
import java.time.Duration;

/**
 * When a state that is told again is news.
 *
 * @param window for how long after a state was accepted the same state is taken for a retry of the sender, or for its
 *     twin; below half of the sender's repeat interval
 * @param deliverRepeats whether the same state is delivered again after the window, or only counted
 */
public record DedupPolicy(
        @Default("30m") Duration window, @Default("true") boolean deliverRepeats) {
    public DedupPolicy {
        if (window.isNegative()) {
            throw new IllegalArgumentException("window: must not be negative");
        }
    }
}
