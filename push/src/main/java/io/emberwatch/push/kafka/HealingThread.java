package io.emberwatch.push.kafka;

import io.emberwatch.push.metrics.PushMetrics;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that begins its work anew after any exception, at first after one second, later after up to thirty, until it
 * is told to end.
 */
final class HealingThread {
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final String component;
    private final PushMetrics metrics;
    private final Work work;
    private final Thread thread;
    private final CountDownLatch ending = new CountDownLatch(1);
    private volatile String trouble = "is starting";
    private volatile boolean working;

    /** What the thread does: once from the beginning, until {@link #isEnding}. */
    @FunctionalInterface
    interface Work {
        void run(HealingThread thread);
    }

    HealingThread(String component, String threadName, PushMetrics metrics, Work work) {
        this.component = component;
        this.metrics = metrics;
        this.work = work;
        metrics.declareComponent(component);
        thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        long pause = FIRST_PAUSE_MILLIS;
        while (!isEnding()) {
            try {
                working = true;
                work.run(this);
            } catch (RuntimeException e) {
                working = false;
                if (trouble.isEmpty()) {
                    pause = FIRST_PAUSE_MILLIS;
                }
                trouble = "is starting again after: " + e.getMessage();
                metrics.threadRestarts.labels(component).inc();
                logger.atError().setCause(e).addKeyValue("component", component).log("failed, starting again");
                await(pause);
                pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
            } catch (Error e) {
                trouble = "has ended: " + e;
                logger.atError().setCause(e).addKeyValue("component", component).log("thread ended");
                throw e;
            }
        }
        working = false;
    }

    private void await(long millis) {
        try {
            boolean ended = ending.await(millis, TimeUnit.MILLISECONDS);
            logger.trace("waited, ending {}", ended);
        } catch (InterruptedException e) {
            ending.countDown();
            Thread.currentThread().interrupt();
        }
    }

    /** Says that the work goes as it should. */
    void healthy() {
        trouble = "";
    }

    /** Why the work is not done now; empty when it is. */
    String trouble() {
        return trouble;
    }

    boolean isEnding() {
        return ending.getCount() == 0;
    }

    boolean isWorking() {
        return working && thread.isAlive();
    }

    /** Asks the work to end and waits for it, so long at most. */
    void end(Duration patience) {
        ending.countDown();
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            logger.atWarn().addKeyValue("component", component).log("did not end in time");
        }
    }
}
