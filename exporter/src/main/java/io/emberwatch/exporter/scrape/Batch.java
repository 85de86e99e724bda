package io.emberwatch.exporter.scrape;

import io.emberwatch.model.flow.Deadline;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Runs that are expected to be quick, one after the other on one thread, because to wake a thread for each costs more than
 * they do. When one of them keeps the others waiting for {@value #PATIENCE_MILLIS} ms, another thread goes on with these.
 */
final class Batch implements Executor {
    private static final long PATIENCE_MILLIS = 20;

    private final Executor threads;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    Batch(Executor threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable run) {
        waiting.add(run);
    }

    /** Begins, and waits until all have ended, or at least begun, or the deadline is past. */
    void run(Deadline deadline) {
        CountDownLatch running = new CountDownLatch(waiting.size());
        try {
            while (!waiting.isEmpty() && !deadline.isPast()) {
                threads.execute(() -> work(running));
                long patience = Math.min(
                        TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS),
                        deadline.remaining().toNanos());
                // Waits for all of them at once: to be woken for each would cost more than most of them do.
                if (running.await(patience, TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(CountDownLatch running) {
        for (Runnable run = waiting.poll(); run != null; run = waiting.poll()) {
            run.run();
            running.countDown();
        }
    }
}
