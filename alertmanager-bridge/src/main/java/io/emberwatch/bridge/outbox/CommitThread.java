package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.metrics.BridgeMetrics;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes all work that waits, at most {@value #MAX_BATCH} pieces, into one transaction, so
 * that many share one fsync. A piece of work is told of its success only after the commit.
 *
 * <p>When a piece fails by itself, the others are run again without it. When the disk fails, all fail. At most {@value
 * #MAX_WAITING} pieces wait; beyond that the caller is refused.
 */
final class CommitThread implements AutoCloseable {
    static final int MAX_BATCH = 512;
    static final int MAX_WAITING = 8192;

    private static final Logger logger = LoggerFactory.getLogger("bridge.outbox");

    /** Something to be done in a transaction; may be run more than once, so it changes nothing but the database. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T run(Sql sql) throws SQLException;
    }

    private final Database database;
    private final BridgeMetrics metrics;
    private final ArrayBlockingQueue<Job<?>> queue = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread thread;
    private volatile Runnable listener = () -> {};
    private volatile boolean closing;
    private volatile @Nullable String fault;
    private @Nullable Sql connection;

    CommitThread(Database database, BridgeMetrics metrics) {
        this.database = database;
        this.metrics = metrics;
        this.thread = new Thread(this::loop, "outbox-commit");
        thread.setDaemon(true);
    }

    /** Opens the database and begins. */
    void start() throws SQLException {
        connection = database.openWriter();
        thread.start();
    }

    /** Hands over work; the answer comes after the commit, on this thread. */
    <T extends @Nullable Object> CompletableFuture<T> submit(Work<T> work) {
        Job<T> job = new Job<>(work);
        if (closing) {
            job.fail(new OutboxException("the bridge is stopping", null));
        } else if (!queue.offer(job)) {
            job.fail(new OutboxException("more than " + MAX_WAITING + " writes wait", null));
        }
        return job.future;
    }

    /** Calls this after every commit. */
    void onCommit(Runnable called) {
        listener = called;
    }

    /** Why the last commit failed, or null when it did not. */
    @Nullable
    String fault() {
        return fault;
    }

    private void loop() {
        List<Job<?>> batch = new ArrayList<>(MAX_BATCH);
        while (!closing || !queue.isEmpty()) {
            try {
                Job<?> first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch, MAX_BATCH - 1);
                commit(batch);
            } catch (InterruptedException e) {
                closing = true;
            } catch (RuntimeException | Error e) {
                logger.atError().setCause(e).log("outbox thread failed");
                batch.forEach(job -> job.fail(new OutboxException("internal error: " + e, e)));
            } finally {
                batch.clear();
            }
        }
        Job<?> late = queue.poll();
        while (late != null) {
            late.fail(new OutboxException("the bridge is stopping", null));
            late = queue.poll();
        }
        disconnect();
    }

    private void commit(List<Job<?>> batch) {
        long began = System.nanoTime();
        Failure failure = attempt(batch);
        if (failure == null) {
            metrics.commit(Duration.ofNanos(System.nanoTime() - began));
            recovered();
            batch.forEach(Job::succeed);
            listener.run();
        } else if (failure.ofDisk()) {
            broken(failure);
            batch.forEach(job -> job.fail(new OutboxException(failure.explanation(), failure.cause())));
        } else if (batch.size() == 1) {
            logger.atError().setCause(failure.cause()).log("outbox refused a write");
            batch.get(0).fail(new OutboxException("internal error: " + failure.explanation(), failure.cause()));
        } else {
            batch.forEach(job -> commit(List.of(job)));
        }
    }

    private @Nullable Failure attempt(List<Job<?>> batch) {
        try {
            Sql sql = connection;
            if (sql == null) {
                sql = database.openWriter();
                connection = sql;
            }
            sql.begin();
            try {
                for (Job<?> job : batch) {
                    job.run(sql);
                }
                sql.commit();
                return null;
            } catch (SQLException | RuntimeException e) {
                rollback(sql);
                return failure(e);
            }
        } catch (SQLException e) {
            return failure(e);
        }
    }

    private static Failure failure(Exception e) {
        return e instanceof SQLException failed
                ? new Failure(Database.explain(failed), failed, Database.isEnvironment(failed))
                : new Failure(e.toString(), e, false);
    }

    private record Failure(String explanation, Exception cause, boolean ofDisk) {}

    private void rollback(Sql sql) {
        try {
            sql.rollback();
        } catch (SQLException e) {
            logger.debug("nothing to roll back: {}", e.getMessage());
            disconnect();
        }
    }

    private void broken(Failure failure) {
        metrics.commitFailed();
        if (fault == null) {
            logger.atError().addKeyValue("reason", failure.explanation()).log("outbox cannot be written");
        }
        fault = failure.explanation();
        disconnect();
    }

    private void recovered() {
        if (fault != null) {
            logger.info("outbox can be written again");
            fault = null;
        }
    }

    private void disconnect() {
        Sql sql = connection;
        connection = null;
        if (sql != null) {
            try {
                sql.close();
            } catch (SQLException e) {
                logger.debug("connection did not close: {}", e.getMessage());
            }
        }
    }

    /** Commits what waits, refuses what comes later, closes the database. */
    @Override
    public void close() {
        closing = true;
        boolean woken = queue.offer(new Job<>(sql -> Boolean.TRUE));
        logger.debug("closing, {}", woken ? "nothing waits" : "much waits");
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Job<T extends @Nullable Object> {
        private final Work<T> work;
        private final CompletableFuture<T> future = new CompletableFuture<>();
        private @Nullable T result;

        Job(Work<T> work) {
            this.work = work;
        }

        void run(Sql sql) throws SQLException {
            result = work.run(sql);
        }

        @SuppressWarnings("NullAway") // null is an answer where T allows it
        void succeed() {
            future.complete(result);
        }

        void fail(OutboxException reason) {
            future.completeExceptionally(reason);
        }
    }
}
