package io.emberwatch.model.flow;

import java.time.Duration;

/**
 * A point on {@link System#nanoTime}'s clock after which an answer is of no use.
 *
 * @param nanoTime comparable to {@link System#nanoTime} by difference only
 */
public record Deadline(long nanoTime) {
    public static Deadline after(Duration timeout) {
        return new Deadline(System.nanoTime() + timeout.toNanos());
    }

    /** What is left, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    public boolean isPast() {
        return nanoTime - System.nanoTime() <= 0;
    }
}
