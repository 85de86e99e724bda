package io.emberwatch.push.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the first step of something that needs Kafka, again and again until Kafka is there: after 1 s, 2 s … 15 s. */
final class Beginning implements AutoCloseable {
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 15_000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(11);
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final String what;
    private final Step step;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread thread;
    private volatile String trouble = "is starting";

    /** Something to be tried. */
    @FunctionalInterface
    interface Step {
        /** @throws IOException when it is to be tried again; the message says why */
        void run() throws IOException;
    }

    /** @param what named in logs */
    Beginning(String what, Step step) {
        this.what = what;
        this.step = step;
        thread = new Thread(this::run, "push-begin-" + what);
        thread.setDaemon(true);
    }

    /** Begins to try; returns at once. */
    void start() {
        thread.start();
    }

    /** Tries in the calling thread until it succeeds or {@link #end} is called. */
    void run() {
        long pause = FIRST_PAUSE_MILLIS;
        try {
            do {
                try {
                    step.run();
                    trouble = "";
                    return;
                } catch (IOException | RuntimeException e) {
                    trouble = "waits: " + e.getMessage();
                    logger.atWarn().addKeyValue("component", what).log("cannot begin yet: {}", e.getMessage());
                }
                pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
            } while (!ending.await(pause / 2, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Why it has not begun; empty when it has. */
    String trouble() {
        return trouble;
    }

    /** Tries no more. */
    void end() {
        ending.countDown();
    }

    /** Tries no more; a step under way is waited for. */
    @Override
    public void close() {
        end();
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
