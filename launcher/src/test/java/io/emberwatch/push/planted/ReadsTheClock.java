package io.emberwatch.push.planted;

/** Planted: logic that reads the wall clock. */
public final class ReadsTheClock {
    long now() {
        return System.currentTimeMillis();
    }
}
