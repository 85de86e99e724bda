package io.emberwatch.exporter.host;

import io.emberwatch.exporter.host.FilesystemSpace.Space;
import io.emberwatch.model.flow.Deadline;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Asks mounts for their size without being held up by one that does not answer.
 *
 * <p>A worker goes through them one after the other. When one keeps it longer than the patience, that mount is stuck: it
 * gets an error, is not asked again until the old call has returned, and another worker goes on with the rest. With
 * {@value #MAX_STUCK} stuck mounts no further one is asked.
 */
final class MountProbe {
    static final int MAX_STUCK = 16;
    static final String TIMEOUT = "mountpoint timeout";

    private final FilesystemSpace filesystems;
    private final Duration patience;
    private final Executor workers;
    private final Set<Path> stuck = ConcurrentHashMap.newKeySet();

    /** @param workers runs up to {@value #MAX_STUCK} tasks and one more at once, or refuses */
    MountProbe(FilesystemSpace filesystems, Duration patience, Executor workers) {
        this.filesystems = filesystems;
        this.patience = patience;
        this.workers = workers;
    }

    /** An answer for every mount point, by the deadline. */
    Map<Path, Answer> ask(Collection<Path> mountPoints, Deadline deadline) {
        Walk walk = new Walk(deadline);
        for (Path mountPoint : mountPoints) {
            if (stuck.contains(mountPoint)) {
                walk.answers.put(mountPoint, Answer.fault(TIMEOUT));
            } else {
                walk.pending.add(mountPoint);
            }
        }
        walk.run();
        return walk.answers;
    }

    /**
     * What a mount said.
     *
     * @param space null when there is a fault
     * @param fault empty when there is none
     */
    record Answer(@Nullable Space space, String fault) {
        static Answer fault(String fault) {
            return new Answer(null, fault);
        }
    }

    private Answer ask(Path mountPoint) {
        try {
            return new Answer(filesystems.of(mountPoint), "");
        } catch (NoSuchFileException e) {
            return Answer.fault("no such file or directory");
        } catch (AccessDeniedException e) {
            return Answer.fault("permission denied");
        } catch (FileSystemException e) {
            String reason = e.getReason();
            return Answer.fault(reason == null ? e.toString() : reason.toLowerCase(Locale.ROOT));
        } catch (IOException | RuntimeException e) {
            return Answer.fault(String.valueOf(e.getMessage()));
        }
    }

    /** One way through a list of mounts. */
    private final class Walk {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition progress = lock.newCondition();
        private final Deque<Path> pending = new ArrayDeque<>();
        private final Map<Path, Answer> answers = new HashMap<>();
        private final Deadline deadline;
        private final long patienceNanos;
        private int worker;
        private @Nullable Path asked;
        private long askedSince;

        Walk(Deadline deadline) {
            this.deadline = deadline;
            patienceNanos = Math.min(patience.toNanos(), deadline.remaining().toNanos() / 2);
        }

        void run() {
            lock.lock();
            try {
                if (!pending.isEmpty()) {
                    startWorker();
                }
                while (asked != null || !pending.isEmpty()) {
                    long left = Math.min(patienceNanos - (System.nanoTime() - askedSince), remaining());
                    if (left <= 0) {
                        giveUpAsked();
                    } else {
                        progress.awaitNanos(left);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                giveUpAll();
            } finally {
                worker++; // whoever still works is on its own
                lock.unlock();
            }
        }

        private long remaining() {
            return deadline.remaining().toNanos();
        }

        private void giveUpAsked() {
            if (asked != null) {
                stuck.add(asked);
                answers.put(asked, Answer.fault(TIMEOUT));
                asked = null;
            }
            if (remaining() == 0 || stuck.size() >= MAX_STUCK) {
                giveUpAll();
            } else if (!pending.isEmpty()) {
                startWorker();
            }
        }

        private void giveUpAll() {
            if (asked != null) {
                stuck.add(asked);
                pending.add(asked);
                asked = null;
            }
            pending.forEach(mountPoint -> answers.put(mountPoint, Answer.fault(TIMEOUT)));
            pending.clear();
        }

        private void startWorker() {
            int number = ++worker;
            askedSince = System.nanoTime();
            try {
                workers.execute(() -> work(number));
            } catch (RejectedExecutionException e) {
                giveUpAll();
            }
        }

        private void work(int number) {
            for (Path next = next(number); next != null; next = next(number)) {
                Answer answer = ask(next);
                take(number, next, answer);
            }
        }

        private @Nullable Path next(int number) {
            lock.lock();
            try {
                if (number != worker) {
                    return null;
                }
                asked = pending.poll();
                askedSince = System.nanoTime();
                if (asked == null) {
                    progress.signal(); // to be woken for each would cost more than the mounts do
                }
                return asked;
            } finally {
                lock.unlock();
            }
        }

        private void take(int number, Path mountPoint, Answer answer) {
            lock.lock();
            try {
                if (number == worker && mountPoint.equals(asked)) {
                    answers.put(mountPoint, answer);
                    asked = null;
                } else {
                    stuck.remove(mountPoint);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
