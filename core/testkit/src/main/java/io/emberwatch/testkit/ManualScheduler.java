package io.emberwatch.testkit;

import io.emberwatch.model.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler on a {@link ManualClock}: {@link #advance} runs what is due, in order of time, on the calling thread. Others
 * may plan meanwhile.
 */
public final class ManualScheduler implements Scheduler {
    private final ManualClock clock;
    private final PriorityQueue<Planned> queue =
            new PriorityQueue<>(Comparator.comparing(Planned::at).thenComparing(Planned::sequence));
    private long sequence;

    public ManualScheduler(ManualClock clock) {
        this.clock = clock;
    }

    @Override
    public Task every(String name, Duration period, Duration offset, Consumer<Instant> tick) {
        ManualTask task = new ManualTask();
        long periodMillis = period.toMillis();
        long sinceSlot = Math.floorMod(clock.millis() - offset.toMillis(), periodMillis);
        plan(Instant.ofEpochMilli(clock.millis() - sinceSlot + periodMillis), period, task, tick);
        return task;
    }

    @Override
    public Task once(String name, Duration delay, Runnable action) {
        ManualTask task = new ManualTask();
        plan(clock.instant().plus(delay), Duration.ZERO, task, at -> action.run());
        return task;
    }

    private synchronized void plan(Instant at, Duration period, ManualTask task, Consumer<Instant> tick) {
        queue.add(new Planned(at, sequence++, period, task, tick));
    }

    /** Moves the clock forward, stopping at every planned instant on the way to run what is due. */
    public void advance(Duration step) {
        Instant end = clock.instant().plus(step);
        for (Planned next = takeUntil(end); next != null; next = takeUntil(end)) {
            if (next.task().closed) {
                continue;
            }
            if (next.at().isAfter(clock.instant())) {
                clock.set(next.at());
            }
            if (!next.period().isZero()) {
                plan(next.at().plus(next.period()), next.period(), next.task(), next.tick());
            }
            next.tick().accept(next.at());
        }
        clock.set(end);
    }

    private synchronized @Nullable Planned takeUntil(Instant end) {
        Planned next = queue.peek();
        return next == null || next.at().isAfter(end) ? null : queue.remove();
    }

    private static final class ManualTask implements Task {
        private volatile boolean closed;

        @Override
        public void close() {
            closed = true;
        }
    }

    private record Planned(Instant at, long sequence, Duration period, ManualTask task, Consumer<Instant> tick) {}
}
