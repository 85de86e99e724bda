package io.emberwatch.rules.query;

import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One evaluation of a prepared query: its data, its limits, what it found. For one thread. */
final class Run {
    private static final int CHECK_EVERY = 1024;

    private record Selection(List<Matcher> matchers, long mint, long maxt, boolean latest) {}

    private final SeriesSource source;
    private final SampleBudget.Share budget;
    private final EngineOptions options;
    private final QueryLimits limits;
    private final Grid grid;
    private final boolean instant;
    private final long lookbackMillis;
    private final long deadlineNanos;
    private final Annotations annotations = new Annotations();
    private final Map<Selection, List<Series>> selected = new HashMap<>();
    private long samples;
    private boolean sawHistograms;
    private int checks;

    Run(
            SeriesSource source,
            SampleBudget.Share budget,
            EngineOptions options,
            QueryLimits limits,
            Grid grid,
            boolean instant) {
        this.source = source;
        this.budget = budget;
        this.options = options;
        this.limits = limits;
        this.grid = grid;
        this.instant = instant;
        this.lookbackMillis = (limits.lookback().isZero() ? options.lookback() : limits.lookback()).toMillis();
        long timeout = Math.min(options.timeout().toNanos(), limits.timeout().toNanos());
        this.deadlineNanos = System.nanoTime() + timeout;
    }

    EngineOptions options() {
        return options;
    }

    Annotations annotations() {
        return annotations;
    }

    long lookbackMillis() {
        return lookbackMillis;
    }

    /** The first time of the whole query. */
    long start() {
        return grid.start();
    }

    /** The last time of the whole query. */
    long end() {
        return grid.end();
    }

    /** The step of the whole query, 0 when it is instant. */
    long step() {
        return instant ? 0 : grid.step();
    }

    /** Stored series with their points between the bounds, both inclusive. The same question is asked once. */
    List<Series> select(List<Matcher> matchers, long mint, long maxt, boolean latest) throws QueryException {
        Selection selection = new Selection(matchers, mint, maxt, latest);
        List<Series> series = selected.get(selection);
        if (series == null) {
            series = source.select(matchers, mint, maxt, latest, budget);
            selected.put(selection, series);
        }
        return series;
    }

    /** The conditions that no series met so far. */
    Set<List<Matcher>> withoutSeries() {
        Set<List<Matcher>> without = null;
        for (Map.Entry<Selection, List<Series>> one : selected.entrySet()) {
            if (one.getValue().isEmpty()) {
                without = without == null ? new HashSet<>() : without;
                without.add(one.getKey().matchers());
            }
        }
        return without == null ? Set.of() : without;
    }

    /** Room for cells without samples; counts them against the limit. */
    double[] cells(int rows, int steps) throws QueryException {
        hold((long) rows * steps);
        return Frame.absent(rows, steps);
    }

    /** Counts samples that are held until {@link #release}. */
    void hold(long count) throws QueryException {
        if (samples + count > options.maxSamples()) {
            throw tooMany();
        }
        budget.take(count);
        samples += count;
        check();
    }

    void release(long count) {
        samples -= count;
        budget.give(count);
    }

    static QueryException tooMany() {
        return failed("query processing would load too many samples into memory in query execution");
    }

    /** To be called when a series holds a native histogram. */
    void seeHistogram() {
        sawHistograms = true;
    }

    /** Whether any series held a native histogram so far. */
    boolean sawHistograms() {
        return sawHistograms;
    }

    /** To be called once per series: stops a query that takes too long or is no longer wanted. */
    void tick() throws QueryException {
        tick(1);
    }

    /** As {@link #tick()}, for as much work as that many series make. */
    void tick(int work) throws QueryException {
        checks += work;
        if (checks >= CHECK_EVERY) {
            check();
        }
    }

    void check() throws QueryException {
        checks = 0;
        if (limits.cancellation().isRequested()) {
            throw new QueryException(QueryException.Kind.CANCELED, "query was canceled in expression evaluation");
        }
        if (System.nanoTime() - deadlineNanos > 0) {
            throw new QueryException(QueryException.Kind.TIMEOUT, "query timed out in expression evaluation");
        }
    }

    static QueryException failed(String message) {
        return new QueryException(QueryException.Kind.EXECUTION, message);
    }
}
