package io.emberwatch.exporter.page;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks sources for their metrics at the same time, each for itself: one that is late, hangs or fails is missing from the
 * page, the others are not. A source that still hangs from an earlier scrape is not asked again until it has come back.
 */
public final class SourceRunner implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger("exporter");
    private static final int MAX_THREADS = 128;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final ExecutorService workers;
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> cpuNanos = new ConcurrentHashMap<>();
    private final Map<String, String> troubles = new ConcurrentHashMap<>();

    public SourceRunner() {
        workers = new ThreadPoolExecutor(0, MAX_THREADS, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "source");
            thread.setDaemon(true);
            return thread;
        });
    }

    private record Running(Future<List<MetricFamily>> answer, long began) {}

    /**
     * What one source gave.
     *
     * @param timedOut whether it was late, so that what it may still say is not on this page
     * @param seconds that were waited for it
     */
    public record Outcome(List<MetricFamily> families, boolean success, boolean timedOut, double seconds) {}

    /** Collects from every source before the deadline; the result is in the order of the sources. */
    public Map<String, Outcome> collect(List<SampleSource> sources, Deadline deadline) {
        Map<String, Running> asked = new LinkedHashMap<>();
        for (SampleSource source : sources) {
            asked.put(source.name(), running.compute(source.name(), (name, before) -> {
                boolean busy = before != null && !before.answer().isDone();
                return busy ? before : new Running(submit(source, deadline), System.nanoTime());
            }));
        }
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        asked.forEach((name, run) -> outcomes.put(name, await(name, run, deadline)));
        return outcomes;
    }

    private Future<List<MetricFamily>> submit(SampleSource source, Deadline deadline) {
        AtomicLong cost = cpuNanos.computeIfAbsent(source.name(), name -> new AtomicLong());
        return workers.submit(() -> {
            long before = threads.getCurrentThreadCpuTime();
            try {
                return source.collect(deadline);
            } finally {
                cost.addAndGet(threads.getCurrentThreadCpuTime() - before);
            }
        });
    }

    private Outcome await(String name, Running run, Deadline deadline) {
        try {
            List<MetricFamily> families =
                    run.answer().get(Math.max(0, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS);
            said(name, "");
            return new Outcome(families, true, false, seconds(run));
        } catch (TimeoutException e) {
            said(name, "is late; its metrics are left out until it has answered");
            return new Outcome(List.of(), false, true, seconds(run));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            said(name, cause instanceof IOException ? "failed: " + cause.getMessage() : "failed: " + cause);
            return new Outcome(List.of(), false, false, seconds(run));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(List.of(), false, true, seconds(run));
        }
    }

    private static double seconds(Running run) {
        return (System.nanoTime() - run.began()) / 1e9;
    }

    private void said(String source, String now) {
        String before = troubles.put(source, now);
        if (!now.equals(before == null ? "" : before)) {
            if (now.isEmpty()) {
                logger.atInfo().addKeyValue("source", source).log("source answers again");
            } else {
                logger.atWarn().addKeyValue("source", source).log("source " + now);
            }
        }
    }

    /** The families that tell how the scrape went, per source. */
    public List<MetricFamily> meta(Map<String, Outcome> outcomes) {
        List<MetricPoint> success = new ArrayList<>();
        List<MetricPoint> duration = new ArrayList<>();
        List<MetricPoint> timeout = new ArrayList<>();
        List<MetricPoint> cpu = new ArrayList<>();
        outcomes.forEach((source, outcome) -> {
            Labels labels = Labels.of("source", source);
            success.add(MetricPoint.of("emberwatch_exporter_source_success", labels, outcome.success() ? 1 : 0));
            duration.add(MetricPoint.of("emberwatch_exporter_source_duration_seconds", labels, outcome.seconds()));
            timeout.add(MetricPoint.of("emberwatch_exporter_source_timeout", labels, outcome.timedOut() ? 1 : 0));
            AtomicLong cost = cpuNanos.getOrDefault(source, new AtomicLong());
            cpu.add(MetricPoint.of("emberwatch_exporter_source_cpu_seconds_total", labels, cost.get() / 1e9));
        });
        return List.of(
                MetricFamily.of(
                        "emberwatch_exporter_source_success",
                        MetricType.GAUGE,
                        "Whether the source gave its metrics.",
                        success),
                MetricFamily.of(
                        "emberwatch_exporter_source_duration_seconds",
                        MetricType.GAUGE,
                        "How long this scrape waited for the source.",
                        duration),
                MetricFamily.of(
                        "emberwatch_exporter_source_timeout",
                        MetricType.GAUGE,
                        "Whether the source missed the scrape's deadline.",
                        timeout),
                MetricFamily.of(
                        "emberwatch_exporter_source_cpu_seconds_total",
                        MetricType.COUNTER,
                        "CPU time that the source has taken.",
                        cpu));
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
