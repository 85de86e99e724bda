package io.emberwatch.push.demo;

import java.util.concurrent.atomic.AtomicLongArray;

/** Latencies in whole milliseconds up to a minute; what is longer counts as a minute. */
public final class LatencyHistogram {
    private static final int LONGEST = 60_000;

    private final AtomicLongArray counts = new AtomicLongArray(LONGEST + 1);

    /** Counts something that took so long, so many times. */
    public void add(long millis, long weight) {
        counts.addAndGet((int) Math.max(0, Math.min(LONGEST, millis)), weight);
    }

    /** Forgets everything. */
    public void clear() {
        for (int i = 0; i <= LONGEST; i++) {
            counts.set(i, 0);
        }
    }

    /** The smallest latency that a share of all is not above; 0 when there is none. */
    public long quantile(double share) {
        long total = 0;
        for (int i = 0; i <= LONGEST; i++) {
            total += counts.get(i);
        }
        long below = 0;
        for (int i = 0; i <= LONGEST; i++) {
            below += counts.get(i);
            if (below > 0 && below >= share * total) {
                return i;
            }
        }
        return 0;
    }
}
