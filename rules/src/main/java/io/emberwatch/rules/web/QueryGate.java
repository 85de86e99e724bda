package io.emberwatch.rules.web;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.rules.query.Cancellation;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets some queries run at once and a bounded number wait for them, first come, first served. */
final class QueryGate {
    private static final long LOOK_MILLIS = 250;

    private final Semaphore free;
    private final AtomicInteger waiting = new AtomicInteger();
    private final int mostWaiting;
    private final QueryMetrics metrics;

    QueryGate(int mostRunning, int mostWaiting, QueryMetrics metrics) {
        free = new Semaphore(mostRunning, true);
        this.mostWaiting = mostWaiting;
        this.metrics = metrics;
        metrics.most.set(mostRunning);
    }

    /** One query. */
    @FunctionalInterface
    interface Query {
        QueryResult run() throws QueryException;
    }

    /**
     * Runs a query when its turn has come.
     *
     * @param timeout how long it may wait for that
     * @throws QueryException also when too many wait, the timeout passes or the client leaves
     */
    QueryResult run(Query query, Duration timeout, Cancellation client) throws QueryException {
        metrics.running.inc();
        try {
            enter(timeout, client);
            try {
                return query.run();
            } finally {
                free.release();
            }
        } catch (QueryException e) {
            if (e.kind() == QueryException.Kind.CANCELED) {
                metrics.abandoned.inc();
            }
            throw e;
        } finally {
            metrics.running.dec();
        }
    }

    private void enter(Duration timeout, Cancellation client) throws QueryException {
        if (free.tryAcquire()) {
            return;
        }
        if (waiting.incrementAndGet() > mostWaiting) {
            waiting.decrementAndGet();
            metrics.refused.inc();
            throw new QueryException(
                    QueryException.Kind.UNAVAILABLE, "more than " + mostWaiting + " queries wait to be executed");
        }
        metrics.waiting.inc();
        try {
            await(timeout, client);
        } finally {
            waiting.decrementAndGet();
            metrics.waiting.dec();
        }
    }

    private void await(Duration timeout, Cancellation client) throws QueryException {
        long began = System.nanoTime();
        try {
            while (!free.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (client.isRequested()) {
                    throw new QueryException(QueryException.Kind.CANCELED, "query was canceled in query queue");
                }
                if (System.nanoTime() - began > timeout.toNanos()) {
                    throw new QueryException(QueryException.Kind.TIMEOUT, "query timed out in query queue");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueryException(QueryException.Kind.CANCELED, "query was canceled in query queue", e);
        }
    }
}
