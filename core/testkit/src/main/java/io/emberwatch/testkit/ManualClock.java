package io.emberwatch.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until told otherwise. */
public final class ManualClock implements InstantSource {
    private volatile Instant now;

    public ManualClock(Instant start) {
        now = start;
    }

    /** A clock that starts at the Unix epoch. */
    public static ManualClock atEpoch() {
        return new ManualClock(Instant.EPOCH);
    }

    @Override
    public Instant instant() {
        return now;
    }

    public synchronized void advance(Duration step) {
        now = now.plus(step);
    }

    /** Sets the clock, backwards too. */
    public synchronized void set(Instant instant) {
        now = instant;
    }
}
