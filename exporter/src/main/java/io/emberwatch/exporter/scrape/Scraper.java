package io.emberwatch.exporter.scrape;

import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.exporter.metrics.ExporterMetrics.PageMetrics;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Asks sources at once, each on a thread of its own, and waits for none longer than the scrape may take.
 *
 * <p>Bounded: a source that is stuck is not started again, and a page shows {@code maxSamples} samples of each; how scrapes
 * that overlap share what a source says is told at {@link SourceRunner}.
 */
public final class Scraper implements AutoCloseable {
    // Those that work, and as many that have answered but are not back in the pool yet.
    private static final int THREADS_PER_SOURCE = 2 * SourceRunner.MOST_RUNS;

    private final ExporterMetrics metrics;
    private final ThreadPoolExecutor threads;
    private final KnownFamilies known = new KnownFamilies();
    private volatile Map<String, SourceRunner> runners = Map.of();
    private volatile int maxSamples;

    /**
     * @param maxSamples how many samples of one source a page shows
     * @throws IllegalArgumentException when two sources have the same name
     */
    public Scraper(List<Source> sources, ExporterMetrics metrics, int maxSamples) {
        this.metrics = metrics;
        threads = new ThreadPoolExecutor(0, 1, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "source");
            thread.setDaemon(true);
            return thread;
        });
        replace(sources, maxSamples);
    }

    /**
     * Asks these sources from now on; those that were there before, stuck or not, stay as they are.
     *
     * @throws IllegalArgumentException when two sources have the same name; then nothing has changed
     */
    public synchronized void replace(List<Source> sources, int newMaxSamples) {
        Map<String, SourceRunner> next = new LinkedHashMap<>();
        for (Source source : sources) {
            SourceRunner runner = runners.get(source.name());
            if (runner == null || !runner.source().equals(source)) {
                runner = new SourceRunner(source, metrics.source(source.name()), threads);
            }
            if (next.put(source.name(), runner) != null) {
                throw new IllegalArgumentException(source.name() + ": two sources have this name");
            }
        }
        // Threads that are stuck in sources no longer there take part of the room.
        int threadsStuck = threads.getActiveCount();
        threads.setMaximumPoolSize(threadsStuck + THREADS_PER_SOURCE * Math.max(1, next.size()));
        runners = Collections.unmodifiableMap(next);
        maxSamples = newMaxSamples;
    }

    /** Every source, in the order of the page. */
    public List<Source> sources() {
        return runners.values().stream().map(SourceRunner::source).toList();
    }

    /**
     * Asks the sources; returns once all have answered or the deadline is past, with a report of each. A source that is no
     * longer there is left out.
     */
    public List<SourceReport> scrape(List<Source> sources, Deadline deadline) {
        Map<String, SourceRunner> known = runners;
        Map<SourceRunner, SourceRunner.Ticket> tickets = new LinkedHashMap<>();
        Batch batch = new Batch(threads);
        for (Source source : sources) {
            SourceRunner runner = known.get(source.name());
            if (runner != null) {
                tickets.put(runner, runner.start(deadline, batch));
            }
        }
        batch.run(deadline);
        List<SourceReport> reports = new ArrayList<>();
        tickets.forEach((runner, ticket) -> reports.add(runner.await(ticket, deadline)));
        return reports;
    }

    /**
     * One valid page of what the sources said and of what there is to say about them.
     *
     * @param reporter the source that {@code about} counts as
     */
    public List<MetricFamily> merge(List<SourceReport> reports, List<MetricFamily> about, String reporter) {
        PageBuilder page = new PageBuilder(maxSamples, known);
        for (SourceReport report : reports) {
            page.add(report.families(), pageMetrics(report.source().name()));
        }
        page.add(about, pageMetrics(reporter));
        return page.families();
    }

    private PageMetrics pageMetrics(String source) {
        SourceRunner runner = runners.get(source);
        return (runner == null ? metrics.source(source) : runner.metrics()).page();
    }

    /** Ends the threads; one that is stuck is interrupted and left. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
