package io.emberwatch.push.client;

import java.util.concurrent.atomic.LongAdder;

/** Counts what became of the lines of one backend. */
final class Tally {
    private final LongAdder sent = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failures = new LongAdder();

    void sent(long lines) {
        sent.add(lines);
    }

    void dropped(long lines) {
        dropped.add(lines);
    }

    void refused(long lines) {
        refused.add(lines);
    }

    void failed() {
        failures.increment();
    }

    Delivery soFar(String backend) {
        return new Delivery(backend, sent.sum(), dropped.sum(), refused.sum(), failures.sum());
    }
}
