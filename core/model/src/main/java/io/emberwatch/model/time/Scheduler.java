package io.emberwatch.model.time;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Runs tasks at their times; the only place where waiting happens. Tests use a manual one. */
public interface Scheduler {
    /**
     * Runs {@code tick} at every instant that is a multiple of {@code period} since the Unix epoch plus {@code offset},
     * beginning with the next one.
     *
     * <p>The tick gets the planned instant. Runs of one task never overlap: instants that pass while one still runs are
     * left out, and the next tick shows it by its distance from the last. An exception is logged and ends nothing.
     *
     * @param name for logs and thread names
     * @param period positive
     * @param offset from zero up to, not including, the period
     */
    Task every(String name, Duration period, Duration offset, Consumer<Instant> tick);

    /** Runs {@code action} once, {@code delay} from now. */
    Task once(String name, Duration delay, Runnable action);

    /** Something planned. */
    interface Task extends AutoCloseable {
        /** Plans no further run; a run under way is not interrupted and may still be running on return. */
        @Override
        void close();
    }
}
