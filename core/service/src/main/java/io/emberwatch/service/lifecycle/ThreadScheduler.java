package io.emberwatch.service.lifecycle;

import io.emberwatch.model.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scheduler of a running program: one thread waits, others work, so that a slow task delays no other. */
public final class ThreadScheduler implements Scheduler, AutoCloseable {
    static final int MAX_WORKERS = 512;
    private static final Logger logger = LoggerFactory.getLogger("scheduler");

    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService workers;

    public ThreadScheduler(InstantSource clock) {
        this.clock = clock;
        AtomicInteger number = new AtomicInteger();
        timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "timer"));
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setRemoveOnCancelPolicy(true);
        workers = new ThreadPoolExecutor(
                0,
                MAX_WORKERS,
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> daemon(task, "worker-" + number.incrementAndGet()));
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public Task every(String name, Duration period, Duration offset, Consumer<Instant> tick) {
        if (period.toMillis() <= 0) {
            throw new IllegalArgumentException(period + ": a period is at least a millisecond");
        }
        Periodic task = new Periodic(name, period.toMillis(), offset.toMillis(), tick);
        task.planNext();
        return task;
    }

    @Override
    public Task once(String name, Duration delay, Runnable action) {
        AtomicBoolean closed = new AtomicBoolean();
        Runnable unlessClosed = () -> {
            if (!closed.get()) {
                run(name, action);
            }
        };
        submit(name, Math.max(0, delay.toMillis()), unlessClosed, () -> {});
        return () -> closed.set(true);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // every task catches and logs what it throws
    private void submit(String name, long delayMillis, Runnable action, Runnable whenLeftOut) {
        try {
            timer.schedule(
                    () -> {
                        try {
                            workers.execute(action);
                        } catch (RejectedExecutionException e) {
                            logger.atError().addKeyValue("task", name).log("no thread is free, run left out");
                            whenLeftOut.run();
                        }
                    },
                    delayMillis,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            logger.debug("scheduler is closed, {} will not run", name);
        }
    }

    private static void run(String name, Runnable action) {
        try {
            action.run();
        } catch (Throwable e) { // code that is not Java throws checked exceptions undeclared
            logger.atError().setCause(e).addKeyValue("task", name).log("task failed");
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
                logger.warn("some tasks did not end within 5 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Periodic implements Task {
        private final String name;
        private final long period;
        private final long offset;
        private final Consumer<Instant> tick;
        private volatile boolean closed;
        private long last = Long.MIN_VALUE;

        Periodic(String name, long period, long offset, Consumer<Instant> tick) {
            this.name = name;
            this.period = period;
            this.offset = offset;
            this.tick = tick;
        }

        void planNext() {
            long now = clock.millis();
            long next = now - Math.floorMod(now - offset, period) + period;
            if (next <= last) {
                next = last + period; // the clock was set back, or the timer woke a little early
                if (next - now > 2 * period) {
                    next = now - Math.floorMod(now - offset, period) + period;
                }
            }
            long planned = next;
            Runnable tickAndPlan = () -> {
                if (!closed) {
                    last = planned;
                    run(name, () -> tick.accept(Instant.ofEpochMilli(planned)));
                    planNext();
                }
            };
            submit(name, Math.max(0, planned - now), tickAndPlan, this::planNext);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
