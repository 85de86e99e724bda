package io.emberwatch.exporter.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of a program, from its start to the end of all that it started.
 *
 * @param output its standard output, cut at the limit
 * @param errors the beginning of its standard error
 * @param exitCode 128 and the signal when a signal ended it; meaningless when it timed out
 * @param end how the run ended
 * @param seconds how long it took
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and the bytes are shared on purpose
public record ProgramRun(byte[] output, String errors, int exitCode, End end, double seconds) {
    private static final int ERRORS_LIMIT = 4096;
    private static final int CHUNK = 8192;
    private static final double NANOS = 1e9;
    private static final Duration LAST_OUTPUT = Duration.ofMillis(200);

    /** How a run ends. */
    public enum End {
        /** It ended by itself. */
        EXITED,
        /** It was ended because its time was over. */
        TIMED_OUT,
        /** It was ended because it printed more than allowed. */
        TOO_LONG
    }

    /**
     * Runs a program to its end. The whole group of processes is ended with it, children in the background too.
     *
     * @param environment added to the environment of this process
     * @param timeout after which all are killed
     * @param limit how many bytes it may print
     * @throws IOException when it cannot be started
     */
    public static ProgramRun of(
            List<String> command, Map<String, String> environment, @Nullable Path folder, Duration timeout, int limit)
            throws IOException {
        long started = System.nanoTime();
        ProcessGroup group = ProcessGroup.start(command, environment, folder);
        Pump output = new Pump(group, group.process().getInputStream(), limit, true);
        Pump errors = new Pump(group, group.process().getErrorStream(), ERRORS_LIMIT, false);
        output.start();
        errors.start();
        boolean exited = false;
        try {
            exited = group.process().waitFor(Math.max(1, timeout.toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            group.kill();
        }
        output.await();
        errors.await();
        End end = output.isOver() ? End.TOO_LONG : exited ? End.EXITED : End.TIMED_OUT;
        return new ProgramRun(
                output.bytes(),
                new String(errors.bytes(), UTF_8),
                exited ? group.process().exitValue() : -1,
                end,
                (System.nanoTime() - started) / NANOS);
    }

    /** Takes what a program prints, so that it need not wait. */
    private static final class Pump {
        private final ProcessGroup group;
        private final InputStream in;
        private final int limit;
        private final boolean killAtLimit;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CountDownLatch done = new CountDownLatch(1);
        private boolean over;

        Pump(ProcessGroup group, InputStream in, int limit, boolean killAtLimit) {
            this.group = group;
            this.in = in;
            this.limit = limit;
            this.killAtLimit = killAtLimit;
        }

        void start() {
            Thread thread = new Thread(this::run, "program-output");
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            byte[] chunk = new byte[CHUNK];
            try (in) {
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    take(chunk, read);
                }
            } catch (IOException e) {
                return; // closed by the end of the program
            } finally {
                done.countDown();
            }
        }

        private void take(byte[] chunk, int read) {
            boolean first;
            synchronized (this) {
                int room = Math.min(read, limit - bytes.size());
                bytes.write(chunk, 0, room);
                first = room < read && !over;
                over |= room < read;
            }
            if (first && killAtLimit) {
                group.kill();
            }
        }

        // A process that left the group may keep the output open; it is not waited for.
        void await() {
            try {
                if (!done.await(LAST_OUTPUT.toMillis(), TimeUnit.MILLISECONDS)) {
                    in.close();
                }
            } catch (InterruptedException | IOException e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        synchronized boolean isOver() {
            return over;
        }

        synchronized byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
