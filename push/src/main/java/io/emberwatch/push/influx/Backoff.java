package io.emberwatch.push.influx;

import java.time.Duration;

/** Waits that double from one second to thirty, until something succeeds. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private Duration next = FIRST;

    /** The next wait, no shorter than what was asked for. */
    Duration next(Duration asked) {
        Duration wait = asked.compareTo(next) > 0 ? asked : next;
        next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
        return wait;
    }

    void reset() {
        next = FIRST;
    }
}
