package io.emberwatch.service.http;

import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Lets a burst of requests through, and then one per interval. */
final class RateLimit {
    private final Config config;
    private final LongSupplier nanoTime;
    private double room;
    private long at;

    /**
     * @param interval time per request once the burst is used up; zero for no limit
     * @param burst how many may come at once
     */
    public record Config(
            @Default("0s") Duration interval, @Default("0") int burst) {
        static final Config NONE = new Config(Duration.ZERO, 0);

        public Config {
            if (interval.isNegative()) {
                throw new IllegalArgumentException("interval: must not be negative");
            }
            if (burst < 0 || (burst == 0 && !interval.isZero())) {
                throw new IllegalArgumentException("burst: must be at least 1");
            }
        }
    }

    RateLimit(Config config, LongSupplier nanoTime) {
        this.config = config;
        this.nanoTime = nanoTime;
        room = config.burst;
        at = nanoTime.getAsLong();
    }

    Config config() {
        return config;
    }

    /** Whether one more may come now; if so it counts. */
    synchronized boolean admits() {
        if (config.interval.isZero()) {
            return true;
        }
        long now = nanoTime.getAsLong();
        room = Math.min(config.burst, room + (now - at) / (double) config.interval.toNanos());
        at = now;
        if (room < 1) {
            return false;
        }
        room--;
        return true;
    }
}
