package io.emberwatch.service.http;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a server, each with one connection at a time.
 *
 * <p>A thread is held by its connection while a request arrives, byte by byte if the client so likes. When every thread is
 * held and another connection wants one, the connection whose request has been arriving longest is cut; requests that have
 * arrived are never cut. So however many clients send slowly, others are served.
 */
final class Workers implements Executor {
    private static final int KEEP_SECONDS = 30;
    private static final int WAIT_MILLIS = 20;

    private final ThreadPoolExecutor threads;
    private final Map<Thread, Connection> connections = new ConcurrentHashMap<>();

    /** What the thread of a connection does. */
    private enum State {
        ARRIVING,
        ANSWERING,
        CUT
    }

    private record Connection(long since, AtomicReference<State> state) {}

    Workers(int most) {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                2,
                most,
                KEEP_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "http-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                (task, pool) -> makeRoom(task));
    }

    @Override
    public void execute(Runnable request) {
        threads.execute(() -> {
            Thread thread = Thread.currentThread();
            connections.put(thread, new Connection(System.nanoTime(), new AtomicReference<>(State.ARRIVING)));
            try {
                request.run();
            } finally {
                connections.remove(thread);
            }
        });
    }

    /** The request of this thread has arrived; from now on it is not cut. False when it was cut just now. */
    boolean arrived() {
        Connection connection = connections.get(Thread.currentThread());
        return connection == null || connection.state.compareAndSet(State.ARRIVING, State.ANSWERING);
    }

    // The thread that accepts connections waits here; refusing the connection would leave it open without an answer.
    private void makeRoom(Runnable task) {
        try {
            while (!threads.isShutdown()) {
                cutSlowest();
                if (threads.getQueue().offer(task, WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new RejectedExecutionException("the server is stopping");
    }

    private void cutSlowest() {
        Map.@Nullable Entry<Thread, Connection> slowest = connections.entrySet().stream()
                .filter(entry -> entry.getValue().state.get() == State.ARRIVING)
                .min(Comparator.comparingLong(entry -> entry.getValue().since - System.nanoTime()))
                .orElse(null);
        if (slowest != null && slowest.getValue().state.compareAndSet(State.ARRIVING, State.CUT)) {
            slowest.getKey().interrupt(); // which closes the channel that it reads from
        }
    }

    void stop() {
        threads.shutdownNow();
    }
}
