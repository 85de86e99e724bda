package io.emberwatch.exporter.status;

import io.emberwatch.model.flow.Deadline;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls libraries that know no deadline: on a thread of its own, which is left alone when the time is up. While it hangs,
 * no other is begun: there is never more than one.
 */
public final class BoundedCall {
    private final String name;
    private @Nullable FutureTask<?> running;

    public BoundedCall(String name) {
        this.name = name;
    }

    /**
     * @param abort what may set the call free when its time is up
     * @throws TargetFault when the time is up, or the last call hangs still
     */
    public synchronized <T> T run(Callable<T> call, Runnable abort, Deadline deadline) throws IOException, TargetFault {
        FutureTask<?> before = running;
        if (before != null && !before.isDone()) {
            throw new TargetFault(TargetFault.Reason.TIMEOUT, "an earlier call hangs still");
        }
        FutureTask<T> task = new FutureTask<>(call);
        running = task;
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            abort.run();
            thread.interrupt();
            throw new TargetFault(TargetFault.Reason.TIMEOUT, "no answer in time");
        } catch (InterruptedException e) {
            abort.run();
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new TargetFault(TargetFault.Reason.TIMEOUT, "interrupted");
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        }
    }

    private static TargetFault unwrapped(@Nullable Throwable cause) throws IOException {
        if (cause instanceof TargetFault fault) {
            return fault;
        } else if (cause instanceof IOException io) {
            throw io;
        }
        return TargetFault.garbage(String.valueOf(cause));
    }
}
