package io.emberwatch.exporter.scrape;

import io.emberwatch.model.flow.Deadline;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

    void start() {
        if (!waiting.isEmpty()) {
            threads.execute(this::work);
        }
    }

    private void work() {
        for (Runnable run = waiting.poll(); run != null; run = waiting.poll()) {
            run.run();
        }
    }

    /** Waits for an answer as long as there are runs that have not begun; sees to it that they do. */
    void await(CompletableFuture<?> answer, Deadline deadline) {
        while (!waiting.isEmpty() && !answer.isDone() && !deadline.isPast()) {
            try {
                answer.get(
                        Math.min(
                                TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS),
                                deadline.remaining().toNanos()),
                        TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                start();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (ExecutionException e) {
                return; // who asks for the answer is told
            }
        }
    }
}
