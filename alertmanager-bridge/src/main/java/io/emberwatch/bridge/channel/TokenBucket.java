package io.emberwatch.bridge.channel;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Lets so many pass a second on average, and a number of them at once after a rest. */
final class TokenBucket {
    private final InstantSource clock;
    private final double perSecond;
    private final double burst;
    private double tokens;
    private Instant filled;
    private Instant closedUntil = Instant.MIN;

    /**
     * @param perSecond above zero
     * @param burst at least one
     */
    TokenBucket(InstantSource clock, double perSecond, int burst) {
        this.clock = clock;
        this.perSecond = perSecond;
        this.burst = burst;
        tokens = burst;
        filled = clock.instant();
    }

    /** Zero when one may pass, which is counted; otherwise how long until one may. */
    synchronized Duration take() {
        Instant now = clock.instant();
        if (now.isBefore(closedUntil)) {
            return Duration.between(now, closedUntil);
        }
        double elapsed = Math.max(0, Duration.between(filled, now).toNanos() / 1e9);
        filled = now;
        tokens = Math.min(burst, tokens + elapsed * perSecond);
        if (tokens >= 1) {
            tokens--;
            return Duration.ZERO;
        }
        return Duration.ofMillis((long) Math.ceil((1 - tokens) * 1000 / perSecond));
    }

    /** Lets nobody pass for so long, and then one at a time. */
    synchronized void close(Duration wait) {
        Instant until = clock.instant().plus(wait);
        if (until.isAfter(closedUntil)) {
            closedUntil = until;
            filled = until;
        }
        tokens = 0;
    }
}
