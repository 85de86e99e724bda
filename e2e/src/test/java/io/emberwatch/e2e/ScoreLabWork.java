package io.emberwatch.e2e;

import io.emberwatch.e2e.ScoreLabRun.Act;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Something that is done again and again beside the usual load, until it is ended. */
final class ScoreLabWork {
    private final Act act;
    private final int pauseMillis;
    private volatile boolean ended;
    private @Nullable Thread thread;

    ScoreLabWork(Act act, int pauseMillis) {
        this.act = act;
        this.pauseMillis = pauseMillis;
    }

    void begin() {
        Thread started = new Thread(this::work, "work");
        started.setDaemon(true);
        started.start();
        thread = started;
    }

    private void work() {
        while (!ended) {
            try {
                act.run();
            } catch (Exception refused) {
                // Members come and go; the next one may answer.
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
        }
    }

    void end() throws InterruptedException {
        ended = true;
        Thread started = thread;
        if (started != null) {
            started.join(TimeUnit.SECONDS.toMillis(15));
        }
    }
}
