package io.emberwatch.exporter.sensor;

import java.time.InstantSource;
import java.util.function.LongConsumer;

/** Lets ten messages a minute through and counts the rest. */
final class LogLimit {
    private static final int PER_MINUTE = 10;
    private static final long MINUTE_MILLIS = 60_000;

    private final InstantSource clock;
    private long minute = Long.MIN_VALUE;
    private int written;
    private long suppressed;

    LogLimit(InstantSource clock) {
        this.clock = clock;
    }

    /** @param message is given how many messages were kept back since the last one that was not */
    synchronized void log(LongConsumer message) {
        long now = Math.floorDiv(clock.millis(), MINUTE_MILLIS);
        if (now != minute) {
            minute = now;
            written = 0;
        }
        if (written == PER_MINUTE) {
            suppressed++;
            return;
        }
        written++;
        message.accept(suppressed);
        suppressed = 0;
    }
}
