package io.emberwatch.exporter.scrape;

import io.emberwatch.exporter.metrics.ExporterMetrics.SourceMetrics;
import io.emberwatch.exporter.scrape.SourceReport.Outcome;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
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
 * Runs one source for scrapes that may overlap and differ in patience.
 *
 * <p>Each scrape waits by its own deadline. One that comes while a run is under way shares that run when its own deadline is
 * no earlier; when the run then ends having used more than half of its time, which may have cut it short, the scrape has
 * the source run again in the time that is left. One whose deadline is earlier has a run of its own, because the source
 * would otherwise plan for more time than there is. A run that is past its deadline is stuck: it is left alone, nobody
 * waits for it, and no other is started until it has ended. What a source said to an earlier scrape is never shown again.
 *
 * <p>Bounded: at most {@value #MOST_RUNS} runs at once; a scrape that would need another shares the most patient of these.
 */
final class SourceRunner {
    /** How many runs of a source there can be at once. */
    static final int MOST_RUNS = 2;

    private static final Logger logger = LoggerFactory.getLogger("exporter");
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final double NANOS = 1e9;
    private static final double QUICK_SECONDS = 0.005;

    private final Source source;
    private final SourceMetrics metrics;
    private final Executor executor;
    private final List<Run> underWay = new ArrayList<>(MOST_RUNS);
    private String lastTrouble = "";
    private volatile boolean quick;

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

    /**
     * Starts a run, or joins one under way, unless one is stuck.
     *
     * @param batch takes the run when the one before was quick
     */
    synchronized Ticket start(Deadline deadline, Executor batch) {
        underWay.removeIf(run -> run.answer.isDone());
        for (Run run : underWay) {
            if (run.deadline.isPast()) {
                return new Ticket(run, null);
            }
        }
        Run joined = toJoin(deadline);
        if (joined == null) {
            Run run = begin(deadline, quick ? batch : executor);
            return new Ticket(run, run.answer);
        }
        boolean earlier = isEarlier(joined.deadline, deadline);
        return new Ticket(
                joined,
                earlier ? joined.answer.thenCompose(answer -> inTime(joined, answer, deadline)) : joined.answer);
    }

    // The most patient run that is no more patient than the scrape; any when there is no room for another.
    private @Nullable Run toJoin(Deadline deadline) {
        Run best = null;
        for (Run run : underWay) {
            boolean suits = underWay.size() == MOST_RUNS || !isEarlier(deadline, run.deadline);
            if (suits && (best == null || isEarlier(best.deadline, run.deadline))) {
                best = run;
            }
        }
        return best;
    }

    private static boolean isEarlier(Deadline one, Deadline other) {
        return one.nanoTime() - other.nanoTime() < 0;
    }

    private Run begin(Deadline deadline, Executor chosen) {
        Run run = new Run(deadline);
        underWay.add(run);
        chosen.execute(() -> perform(run));
        return run;
    }

    private CompletableFuture<Answer> inTime(Run joined, Answer answer, Deadline deadline) {
        if (!joined.wasHurried(answer) || deadline.isPast()) {
            return CompletableFuture.completedFuture(answer);
        }
        CompletableFuture<Answer> again = start(deadline, executor).answer;
        return again == null ? CompletableFuture.completedFuture(answer) : again;
    }

    private void perform(Run run) {
        run.began();
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
        quick = answer.seconds < QUICK_SECONDS;
        metrics.cpu().inc(Math.max(0, cpuNanos() - cpuBefore) / NANOS);
        run.answer.complete(answer);
    }

    /** What the source says before the deadline of the scrape that waits. */
    SourceReport await(Ticket ticket, Deadline deadline) {
        Answer answer = ticket.answerBefore(deadline);
        if (answer == null) {
            settle("no answer before the deadline; it is not asked again until it has answered");
            answer = new Answer(Outcome.TIMED_OUT, List.of(), ticket.run.seconds());
        }
        SourceReport report = new SourceReport(source, answer.outcome, answer.families, answer.seconds);
        metrics.success().set(report.isGood() ? 1 : 0);
        metrics.timeout().set(answer.outcome == Outcome.TIMED_OUT ? 1 : 0);
        metrics.duration().set(answer.seconds);
        return report;
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
     * @param run the run whose time counts when there is no answer
     * @param answer null when the run is stuck
     */
    record Ticket(Run run, @Nullable CompletableFuture<Answer> answer) {
        private @Nullable Answer answerBefore(Deadline deadline) {
            if (answer == null) {
                return null;
            }
            try {
                return answer.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e); // no room for a thread: the pool is sized so that there is
            }
        }
    }

    /** One run, shared by the scrapes that want its answer. */
    static final class Run {
        private final Deadline deadline;
        private volatile long started = System.nanoTime();
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();

        Run(Deadline deadline) {
            this.deadline = deadline;
        }

        // It may have waited for those before it.
        private void began() {
            started = System.nanoTime();
        }

        private double seconds() {
            return (System.nanoTime() - started) / NANOS;
        }

        private boolean wasHurried(Answer given) {
            return given.seconds > (deadline.nanoTime() - started) / NANOS / 2;
        }
    }

    record Answer(Outcome outcome, List<MetricFamily> families, double seconds) {}
}
