package io.emberwatch.exporter.sensor;

import io.emberwatch.model.time.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a sensor's executable running: reads its lines, starts it again with growing waits when it ends. */
final class SensorProcess implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger("exporter.sensor");
    private static final int STDERR_LINE = 400;
    private static final int STDERR_LINES_PER_RUN = 20;
    private static final Duration STEADY = Duration.ofSeconds(60);

    private final SensorConfig config;
    private final List<String> command;
    private final SensorState state;
    private final SensorMetrics.Counters counters;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private Duration wait;
    private @Nullable Process process;
    private boolean closed;
    private String lastTrouble = "";

    SensorProcess(
            SensorConfig config,
            List<String> command,
            SensorState state,
            SensorMetrics.Counters counters,
            Scheduler scheduler,
            InstantSource clock) {
        this.config = config;
        this.command = command;
        this.state = state;
        this.counters = counters;
        this.scheduler = scheduler;
        this.clock = clock;
        wait = config.restartMin();
    }

    synchronized void start() {
        if (closed) {
            return;
        }
        try {
            Process started = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .start();
            process = started;
            thread("sensor-" + config.name(), () -> read(started));
            thread("sensor-" + config.name() + "-stderr", () -> drain(started.getErrorStream()));
        } catch (IOException e) {
            startAgain("cannot be started: " + e.getMessage());
        }
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void read(Process running) {
        long began = System.nanoTime();
        LineReader.Handler handler = new LineReader.Handler() {
            @Override
            public void line(String text) {
                state.accept(text, clock.instant());
            }

            @Override
            public void tooLong() {
                counters.lines();
                counters.error("line.length");
            }
        };
        try (InputStream in = running.getInputStream()) {
            LineReader lines = new LineReader(in, (int) config.maxLine().bytes());
            while (lines.next(handler)) {
                // each line was handed over
            }
        } catch (IOException e) {
            logger.debug("output of sensor {} ended: {}", config.name(), e.getMessage());
        }
        ended(running, System.nanoTime() - began);
    }

    private void ended(Process running, long nanos) {
        String how;
        try {
            how = running.waitFor(5, TimeUnit.SECONDS)
                    ? "ended with exit code " + running.exitValue()
                    : "closed its output but goes on running, ending it";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        kill(running);
        synchronized (this) {
            if (nanos > STEADY.toNanos()) {
                wait = config.restartMin();
            }
            startAgain(how);
        }
    }

    private synchronized void startAgain(String trouble) {
        if (closed) {
            return;
        }
        if (!trouble.equals(lastTrouble)) {
            logger.atWarn()
                    .addKeyValue("sensor", config.name())
                    .addKeyValue("command", command.get(0))
                    .log("sensor " + trouble + "; starting it again with growing waits");
            lastTrouble = trouble;
        }
        scheduler.once("sensor-restart", wait, () -> {
            counters.restart();
            start();
        });
        Duration doubled = wait.multipliedBy(2);
        wait = doubled.compareTo(config.restartMax()) > 0 ? config.restartMax() : doubled;
    }

    private void drain(InputStream stderr) {
        LineReader lines = new LineReader(stderr, STDERR_LINE);
        int[] shown = {0};
        LineReader.Handler handler = new LineReader.Handler() {
            @Override
            public void line(String text) {
                if (shown[0]++ < STDERR_LINES_PER_RUN) {
                    logger.atWarn().addKeyValue("sensor", config.name()).log("sensor says: " + text);
                }
            }

            @Override
            public void tooLong() {
                line("(a line of more than " + STDERR_LINE + " characters)");
            }
        };
        try (stderr) {
            while (lines.next(handler)) {
                // each line was handed over
            }
        } catch (IOException e) {
            logger.debug("error output of sensor {} ended: {}", config.name(), e.getMessage());
        }
    }

    private static void kill(Process running) {
        running.descendants().forEach(ProcessHandle::destroyForcibly);
        running.destroyForcibly();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (process != null) {
            kill(process);
        }
    }
}
