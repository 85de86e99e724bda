package io.emberwatch.exporter.sensor;

import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.exporter.process.ProcessGroup;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.time.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a sensor's program running and takes what it prints.
 *
 * <p>Bounded: one line of the configured length; {@value #LINES_PER_SECOND} lines a second, beyond which the program has
 * to wait; ten lines of its standard error a minute in the log, each cut to {@value #LOGGED_LENGTH} bytes.
 */
final class Sensor {
    static final int LINES_PER_SECOND = 10_000;
    private static final int LOGGED_LENGTH = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Logger logger = LoggerFactory.getLogger("sensor");

    private final SensorConfig config;
    private final List<String> command;
    private final Scheduler scheduler;
    private final SensorReadings readings;
    private final LogLimit stderrLog;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable ProcessGroup group;
    private Duration backoff;
    private String lastTrouble = "";

    /** @param command what to run, not empty */
    Sensor(
            SensorConfig config,
            List<String> command,
            Scheduler scheduler,
            InstantSource clock,
            ExporterMetrics metrics) {
        this.config = config;
        this.command = List.copyOf(command);
        this.scheduler = scheduler;
        this.readings = new SensorReadings(config, clock, metrics);
        this.stderrLog = new LogLimit(clock);
        this.backoff = config.restart().min();
    }

    /** Starts the program; it is started again whenever it ends. */
    @SuppressWarnings("FutureReturnValueIgnored") // ending a group throws nothing
    synchronized void start() {
        if (stopped.getCount() == 0) {
            return;
        }
        try {
            ProcessGroup started = ProcessGroup.start(command);
            group = started;
            // Children that outlive the program would keep its output open.
            started.process().onExit().thenAccept(process -> started.kill());
            thread("sensor-" + config.name(), () -> run(started));
            thread(
                    "sensor-" + config.name() + "-stderr",
                    () -> drain(started.process().getErrorStream()));
        } catch (IOException e) {
            planRestart("cannot start: " + e.getMessage());
        }
    }

    private static void thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run(ProcessGroup running) {
        long started = System.nanoTime();
        LineReader.Handler lines = new PacedLines(readings, stopped, LINES_PER_SECOND);
        try (InputStream out = running.process().getInputStream()) {
            new LineReader(out, (int) config.maxLine().bytes(), lines).readAll();
        } catch (IOException e) {
            logger.debug("output of sensor {} ended: {}", config.name(), e.getMessage());
        }
        boolean closedOutput = !endsSoon(running.process());
        if (closedOutput) {
            running.terminate(PATIENCE);
            running.kill();
        }
        int code = running.process().onExit().join().exitValue();
        if (System.nanoTime() - started >= config.restart().max().toNanos()) {
            settle();
        }
        planRestart(closedOutput ? "closed its output" : "ended with code " + code);
    }

    // The end of the output is seen a moment before the end of the program.
    private static boolean endsSoon(Process process) {
        try {
            return process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized void settle() {
        backoff = config.restart().min();
        lastTrouble = "";
    }

    private synchronized void planRestart(String trouble) {
        group = null;
        if (stopped.getCount() == 0) {
            return;
        }
        // Once per kind of trouble, not once per attempt.
        if (!trouble.equals(lastTrouble)) {
            logger.atWarn()
                    .addKeyValue("sensor", config.name())
                    .addKeyValue("command", String.join(" ", command))
                    .addKeyValue("reason", trouble)
                    .log("sensor is not running, it will be started again");
            lastTrouble = trouble;
        }
        scheduler.once("sensor-" + config.name(), backoff, this::restart);
        Duration doubled = backoff.multipliedBy(2);
        Duration max = config.restart().max();
        backoff = doubled.compareTo(max) > 0 ? max : doubled;
    }

    private void restart() {
        if (stopped.getCount() > 0) {
            readings.metrics().restarts().inc();
            start();
        }
    }

    private void drain(InputStream stderr) {
        try (stderr) {
            new LineReader(stderr, LOGGED_LENGTH, new StderrLines()).readAll();
        } catch (IOException e) {
            logger.debug("standard error of sensor {} ended: {}", config.name(), e.getMessage());
        }
    }

    String explain(String line) {
        return readings.explain(line);
    }

    /** Whether the program runs and has printed a line lately. */
    synchronized boolean isUp() {
        return group != null && readings.isFresh();
    }

    /** Waits until a line has come, good or bad, or the deadline is past; tells which. */
    boolean awaitLine(Deadline deadline) throws InterruptedException {
        return readings.awaitLine(deadline);
    }

    /** What it measures, as far as that is fresh; sets the sensor's own gauges. */
    List<MetricFamily> families() {
        readings.metrics().up().set(isUp() ? 1 : 0);
        return readings.families();
    }

    /** Ends the program and whatever it started. */
    void stop() {
        ProcessGroup running;
        synchronized (this) {
            stopped.countDown();
            running = group;
        }
        if (running != null) {
            running.terminate(PATIENCE);
            running.kill();
        }
    }

    /** Logs what a sensor says on its standard error. */
    private final class StderrLines implements LineReader.Handler {
        @Override
        public void line(String line) {
            write(line);
        }

        @Override
        public void tooLong() {
            write("(a line of more than " + LOGGED_LENGTH + " bytes)");
        }

        @Override
        public void incomplete() {
            write("(a line without an end)");
        }

        private void write(String text) {
            stderrLog.log(suppressed -> logger.atInfo()
                    .addKeyValue("sensor", config.name())
                    .addKeyValue("more", suppressed)
                    .log("standard error: {}", text));
        }
    }

    /** Hands lines on no faster than a rate; the program that prints more is held up by its full pipe. */
    private static final class PacedLines implements LineReader.Handler {
        private static final long SECOND_NANOS = 1_000_000_000;

        private final LineReader.Handler lines;
        private final CountDownLatch stopped;
        private final int perSecond;
        private long second = System.nanoTime();
        private int count;

        PacedLines(LineReader.Handler lines, CountDownLatch stopped, int perSecond) {
            this.lines = lines;
            this.stopped = stopped;
            this.perSecond = perSecond;
        }

        @Override
        public void line(String line) {
            pace();
            lines.line(line);
        }

        @Override
        public void tooLong() {
            pace();
            lines.tooLong();
        }

        @Override
        public void incomplete() {
            lines.incomplete();
        }

        private void pace() {
            long elapsed = System.nanoTime() - second;
            if (elapsed >= SECOND_NANOS) {
                second += elapsed;
                count = 0;
            } else if (count == perSecond) {
                await(SECOND_NANOS - elapsed);
                second = System.nanoTime();
                count = 0;
            }
            count++;
        }

        private void await(long nanos) {
            try {
                boolean ended = stopped.await(nanos, TimeUnit.NANOSECONDS);
                logger.trace("waited for {} ns, stopped: {}", nanos, ended);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
