package io.emberwatch.push.client;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends from a thread of its own, so that no caller waits for a network: what cannot be sent now is kept and tried again.
 * Bounded: when the queue is full, the newest lines are dropped and counted.
 */
final class QueuedBackend implements Backend {
    private static final System.Logger LOGGER = System.getLogger("emberwatch.client");
    private static final int MOST_AT_ONCE = 5000;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5000;

    private final Backend next;
    private final String name;
    private final int capacity;
    private final long farewellMillis;
    private final Tally tally;
    private final ArrayDeque<Line> queue = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private boolean closing;

    /**
     * @param capacity lines that wait at most
     * @param farewell how long closing waits for what is in the queue
     */
    QueuedBackend(Backend next, String name, int capacity, Duration farewell, Tally tally) {
        this.next = next;
        this.name = name;
        this.capacity = capacity;
        farewellMillis = farewell.toMillis();
        this.tally = tally;
        thread = new Thread(this::run, "emberwatch-client-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void send(List<Line> lines) {
        lock.lock();
        try {
            int room = closing ? 0 : Math.min(lines.size(), capacity - queue.size());
            queue.addAll(lines.subList(0, room));
            tally.dropped(lines.size() - room);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            long pause = FIRST_PAUSE_MILLIS;
            boolean failing = false;
            while (true) {
                List<Line> batch = await();
                if (batch.isEmpty()) {
                    return;
                }
                try {
                    next.send(batch);
                    done(batch.size());
                    tally.sent(batch.size());
                    if (failing) {
                        LOGGER.log(INFO, "{0}: sending again", name);
                    }
                    failing = false;
                    pause = FIRST_PAUSE_MILLIS;
                } catch (RefusedException e) {
                    done(batch.size());
                    tally.sent(batch.size() - e.lines());
                    tally.refused(e.lines());
                    LOGGER.log(WARNING, "{0}: {1} lines refused: {2}", name, e.lines(), e.getMessage());
                } catch (IOException e) {
                    tally.failed();
                    if (!failing) {
                        LOGGER.log(WARNING, "{0}: cannot be sent now, trying again: {1}", name, e.toString());
                    }
                    failing = true;
                    rest(pause);
                    pause = Math.min(2 * pause, longestPause());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long longestPause() {
        lock.lock();
        try {
            return closing ? FIRST_PAUSE_MILLIS : LONGEST_PAUSE_MILLIS;
        } finally {
            lock.unlock();
        }
    }

    /** The oldest lines, which stay in the queue; none once all are sent and the backend is being closed. */
    private List<Line> await() throws InterruptedException {
        lock.lock();
        try {
            while (queue.isEmpty() && !closing) {
                changed.await();
            }
            List<Line> batch = new ArrayList<>(Math.min(queue.size(), MOST_AT_ONCE));
            for (Line line : queue) {
                if (batch.size() == MOST_AT_ONCE) {
                    break;
                }
                batch.add(line);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void done(int lines) {
        lock.lock();
        try {
            for (int i = 0; i < lines; i++) {
                queue.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits before the next attempt; while the backend is being closed, not for long. */
    private void rest(long millis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (left > 0) {
                boolean wasClosing = closing;
                left = changed.awaitNanos(left);
                if (closing && !wasClosing) {
                    left = Math.min(left, TimeUnit.MILLISECONDS.toNanos(FIRST_PAUSE_MILLIS));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what is still in the queue; what is left then is dropped and counted. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(farewellMillis);
            thread.interrupt();
            thread.join(farewellMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            tally.dropped(queue.size());
            queue.clear();
        } finally {
            lock.unlock();
        }
        next.close();
    }
}
