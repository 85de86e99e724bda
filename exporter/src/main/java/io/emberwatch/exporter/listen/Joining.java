package io.emberwatch.exporter.listen;

import org.jspecify.annotations.Nullable;

/** Waits for a thread to end. */
final class Joining {
    private Joining() {}

    static void join(@Nullable Thread thread, long patienceMillis) {
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(patienceMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
