package io.emberwatch.exporter.scrape;

import io.emberwatch.exporter.metrics.ExporterMetrics.SourceMetrics;
import io.emberwatch.exporter.scrape.SourceReport.Outcome;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one source, one run at a time.
 *
 * <p>A scrape that comes while a run is under way shares it. A run that is past its deadline is stuck: it is left alone,
 * nobody waits for it, and no other is started until it has ended.
 */
final class SourceRunner {
    private static final Logger logger = LoggerFactory.getLogger("exporter");
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final double NANOS = 1e9;

    private final Source source;
    private final SourceMetrics metrics;
    private final Executor executor;
    private @Nullable Run current;
    private String lastTrouble = "";

    SourceRunner(Source source, SourceMetrics metrics, Executor executor) {
        this.source = source;
        this.metrics = metrics;
        this.executor = executor;
    }

    Source source() {
        return source;
    }

    SourceMetrics metrics() {
        return metrics;
    }

    /** Starts a run, or joins the one under way unless that is stuck. */
    synchronized Ticket start(Deadline deadline) {
        Run running = current;
        if (running != null && !running.answer.isDone()) {
            return new Ticket(running, !running.deadline.isPast());
        }
        Run run = new Run(deadline);
        executor.execute(() -> perform(run));
        current = run;
        return new Ticket(run, true);
    }

    private void perform(Run run) {
        long cpuBefore = cpuNanos();
        Answer answer;
        try {
            answer = new Answer(Outcome.SUCCEEDED, source.samples().collect(run.deadline), run.seconds());
            settle("");
        } catch (NoDataException e) {
            answer = new Answer(Outcome.NO_DATA, List.of(), run.seconds());
            logger.debug("{} has nothing to collect: {}", source.name(), e.getMessage());
        } catch (IOException e) {
            answer = new Answer(Outcome.FAILED, List.of(), run.seconds());
            settle(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            answer = new Answer(Outcome.FAILED, List.of(), run.seconds());
            logger.atDebug().setCause(e).log("source failed");
            settle(e.toString());
        }
        metrics.cpu().inc(Math.max(0, cpuNanos() - cpuBefore) / NANOS);
        run.answer.complete(answer);
    }

    /** What the run says before the deadline of the scrape that waits, which need not be the run's own. */
    SourceReport await(Ticket ticket, Deadline deadline) {
        Answer answer = ticket.worthWaiting ? ticket.run.answerBefore(deadline) : null;
        if (answer == null) {
            settle("no answer before the deadline; it is not asked again until it has answered");
            answer = new Answer(Outcome.TIMED_OUT, List.of(), ticket.run.seconds());
        }
        boolean good = answer.outcome == Outcome.SUCCEEDED || answer.outcome == Outcome.NO_DATA;
        metrics.success().set(good ? 1 : 0);
        metrics.timeout().set(answer.outcome == Outcome.TIMED_OUT ? 1 : 0);
        metrics.duration().set(answer.seconds);
        return new SourceReport(source, answer.outcome, answer.families, answer.seconds);
    }

    // A source that fails the same way at every scrape says so once.
    private synchronized void settle(String trouble) {
        if (trouble.equals(lastTrouble)) {
            return;
        }
        lastTrouble = trouble;
        if (trouble.isEmpty()) {
            logger.atInfo().addKeyValue("source", source.name()).log("source works again");
        } else {
            logger.atWarn()
                    .addKeyValue("source", source.name())
                    .addKeyValue("reason", trouble)
                    .log("source failed");
        }
    }

    private static long cpuNanos() {
        return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : 0;
    }

    /**
     * What a scrape holds while it waits.
     *
     * @param worthWaiting false when the run is stuck
     */
    record Ticket(Run run, boolean worthWaiting) {}

    /** One run, shared by the scrapes that want its answer. */
    private static final class Run {
        private final Deadline deadline;
        private final long started = System.nanoTime();
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();

        Run(Deadline deadline) {
            this.deadline = deadline;
        }

        private double seconds() {
            return (System.nanoTime() - started) / NANOS;
        }

        private @Nullable Answer answerBefore(Deadline waiting) {
            try {
                return answer.get(waiting.remaining().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e); // runs are only ever completed with an answer
            }
        }
    }

    private record Answer(Outcome outcome, List<MetricFamily> families, double seconds) {}
}
