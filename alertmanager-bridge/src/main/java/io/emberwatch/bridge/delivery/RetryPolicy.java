package io.emberwatch.bridge.delivery;

import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When to try again, and when not to any more.
 *
 * @param minBackoff before the second attempt, above zero
 * @param maxBackoff the longest wait; each is twice the one before
 * @param giveUpAfter how long after a state was queued it becomes a dead letter
 */
public record RetryPolicy(
        @Default("1s") Duration minBackoff,
        @Default("5m") Duration maxBackoff,
        @Default("3d") Duration giveUpAfter) {
    private static final int MAX_DOUBLINGS = 30;

    public RetryPolicy {
        if (minBackoff.isNegative() || minBackoff.isZero() || maxBackoff.compareTo(minBackoff) < 0) {
            throw new IllegalArgumentException("max_backoff: expected at least min_backoff, and that above zero");
        }
        if (giveUpAfter.isNegative()) {
            throw new IllegalArgumentException("give_up_after: must not be negative");
        }
    }

    /**
     * The wait after so many failures: the doubled backoff, less up to a third of it by chance, so that what failed
     * together does not come back together.
     *
     * @param failures from 1
     */
    Duration backoff(int failures, RandomGenerator random) {
        int doublings = Math.min(MAX_DOUBLINGS, Math.max(0, failures - 1));
        double millis = Math.min(maxBackoff.toMillis(), minBackoff.toMillis() * Math.pow(2, doublings));
        return Duration.ofMillis(Math.max(1, (long) (millis * (1 - random.nextDouble() / 3))));
    }
}
