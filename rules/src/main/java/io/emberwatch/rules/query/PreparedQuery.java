package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QueryValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An expression ready to be evaluated any number of times, by any number of threads.
 *
 * <p>What it made of the labels it saw is kept, so that the next evaluation over the same series only computes.
 */
public final class PreparedQuery {
    private final SeriesSource source;
    private final SampleBudget budget;
    private final EngineOptions options;
    private final String text;
    private final Expr expr;
    private final @Nullable VectorNode vector;
    private final @Nullable ScalarNode scalar;
    private final @Nullable RangeNode range;
    private final Derived<Renaming> cleaned = new Derived<>();
    private final Derived<Integer[]> sorted = new Derived<>();
    private volatile Set<List<Matcher>> withoutSeries = Set.of();

    PreparedQuery(SeriesSource source, SampleBudget budget, EngineOptions options, String text, Expr expr)
            throws QueryException {
        this.source = source;
        this.budget = budget;
        this.options = options;
        this.text = text;
        this.expr = expr;
        Planner planner = new Planner(options);
        this.vector = expr.type() == ValueType.VECTOR ? planner.vector(expr) : null;
        this.scalar = expr.type() == ValueType.SCALAR ? planner.scalar(expr) : null;
        this.range = expr.type() == ValueType.MATRIX ? planner.range(expr) : null;
    }

    public Expr expr() {
        return expr;
    }

    /** The conditions of the selectors that found no series in the last evaluation at one time. */
    public Set<List<Matcher>> withoutSeries() {
        return withoutSeries;
    }

    /** Evaluates at one time, whole milliseconds. */
    public QueryResult instant(Instant at, QueryLimits limits) throws QueryException {
        return evaluate(at, limits).result();
    }

    /**
     * Evaluates at {@code start}, {@code start + step} … up to and including {@code end}, whole milliseconds.
     *
     * @throws QueryException of kind BAD_DATA when the step is not positive, {@code end} is before {@code start}, or
     *     there are more points than the engine's options allow
     */
    public QueryResult range(Instant start, Instant end, Duration step, QueryLimits limits) throws QueryException {
        return evaluate(start, end, step, limits).result();
    }

    /** As {@link #instant}, with all annotations. */
    public Evaluation evaluate(Instant at, QueryLimits limits) throws QueryException {
        Grid grid = Grid.instant(at.toEpochMilli());
        return sharing(limits, share -> {
            Run run = new Run(source, share, options, limits, grid, true);
            QueryValue value = instantValue(run, grid);
            withoutSeries = run.withoutSeries();
            return new Evaluation(value, run.annotations().list(text), run.sawHistograms());
        });
    }

    private interface Sharing {
        Evaluation evaluate(SampleBudget.Share share) throws QueryException;
    }

    // What was held beside the result is garbage once it is there.
    private Evaluation sharing(QueryLimits limits, Sharing work) throws QueryException {
        SampleBudget.Share lasting = limits.share();
        if (lasting == null) {
            try (SampleBudget.Share share = budget.open()) {
                return work.evaluate(share);
            }
        }
        long left = 0;
        try {
            Evaluation evaluation = work.evaluate(lasting);
            left = size(evaluation.value());
            return evaluation;
        } finally {
            lasting.keep(left);
        }
    }

    private static long size(QueryValue value) {
        if (value instanceof QueryValue.Matrix matrix) {
            return matrix.series().stream().mapToLong(Series::size).sum();
        }
        return value instanceof QueryValue.Vector vector ? vector.samples().size() : 1;
    }

    private QueryValue instantValue(Run run, Grid grid) throws QueryException {
        long time = grid.start();
        if (vector != null) {
            return new QueryValue.Vector(samples(vector(vector, run, grid), time));
        }
        if (scalar != null) {
            return new QueryValue.Scalar(time, scalar.evaluate(run, grid)[0]);
        }
        if (range != null) {
            return new QueryValue.Matrix(raw(range, run, grid));
        }
        return new QueryValue.Text(time, ((Expr.StringLiteral) Planner.bare(expr)).value());
    }

    private Frame vector(VectorNode node, Run run, Grid grid) throws QueryException {
        Frame frame = Floats.orFail(node, "results").evaluate(run, grid);
        if (!options.delayedNameRemoval()) {
            return frame;
        }
        return cleaned.get(frame, () -> Renaming.dropMarked(frame.labels(), frame.dropsName()))
                .apply(frame, run);
    }

    private static List<Sample> samples(Frame frame, long time) {
        List<Sample> samples = new ArrayList<>(frame.rows());
        for (int row = 0; row < frame.rows(); row++) {
            double value = frame.values()[row];
            if (Frame.isPresent(value)) {
                samples.add(new Sample(frame.labels()[row], time, value));
            }
        }
        return samples;
    }

    private List<Series> raw(RangeNode node, Run run, Grid grid) throws QueryException {
        RangeNode.Ranges ranges = node.evaluate(run, grid);
        List<Series> series = new ArrayList<>();
        Window window = new Window();
        for (int row = 0; row < ranges.labels().length; row++) {
            ranges.load(row, window);
            long end = ranges.windowEnd(0);
            window.moveTo(end - ranges.rangeMillis(), end);
            if (!window.isEmpty()) {
                boolean drops = ranges.dropsName() != null && ranges.dropsName()[row];
                Labels labels = ranges.labels()[row];
                if (window.hasHistograms()) {
                    throw Run.failed("native histograms are not supported by results");
                }
                run.hold(window.count());
                series.add(window.toSeries(drops ? Renaming.withoutName(labels) : labels));
            }
        }
        series.sort((a, b) -> a.labels().compareTo(b.labels()));
        return series;
    }

    /** As {@link #range}, with all annotations. */
    public Evaluation evaluate(Instant start, Instant end, Duration step, QueryLimits limits) throws QueryException {
        Grid grid = grid(start.toEpochMilli(), end.toEpochMilli(), step.toMillis());
        return sharing(limits, share -> evaluate(new Run(source, share, options, limits, grid, false), grid));
    }

    private Evaluation evaluate(Run run, Grid grid) throws QueryException {
        List<Series> series;
        if (vector != null) {
            series = series(vector(vector, run, grid), grid, run);
        } else if (scalar != null) {
            series = List.of(new Series(Labels.EMPTY, grid.timestamps(), scalar.evaluate(run, grid)));
        } else {
            throw Planner.unsupported("invalid expression type "
                    + GoText.quote(expr.type().documented())
                    + " for range query, must be Scalar or instant Vector");
        }
        return new Evaluation(new QueryValue.Matrix(series), run.annotations().list(text), run.sawHistograms());
    }

    private Grid grid(long start, long end, long step) throws QueryException {
        if (step <= 0) {
            throw Planner.unsupported(
                    "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }
        if (end < start) {
            throw Planner.unsupported("end timestamp must not be before start time");
        }
        if ((end - start) / step >= options.maxPoints()) {
            throw Planner.unsupported("exceeded maximum resolution of " + options.maxPoints()
                    + " points per timeseries. Try decreasing the query resolution (?step=XX)");
        }
        return new Grid(start, step, (int) ((end - start) / step) + 1);
    }

    private List<Series> series(Frame frame, Grid grid, Run run) throws QueryException {
        Integer[] order = sorted.get(frame.labels(), null, () -> order(frame.labels()));
        long[] timestamps = grid.timestamps();
        List<Series> series = new ArrayList<>(order.length);
        for (int row : order) {
            double[] values = Arrays.copyOfRange(frame.values(), row * grid.steps(), (row + 1) * grid.steps());
            Series s = present(frame.labels()[row], timestamps, values);
            if (s.size() > 0) {
                series.add(s);
            }
            run.tick();
        }
        return series;
    }

    private static Integer[] order(Labels[] labels) {
        Integer[] order = new Integer[labels.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> labels[a].compareTo(labels[b]));
        return order;
    }

    /** The cells of a row that hold samples. Complete rows share the array of timestamps. */
    private static Series present(Labels labels, long[] timestamps, double[] values) {
        int n = 0;
        while (n < values.length && Frame.isPresent(values[n])) {
            n++;
        }
        if (n == values.length) {
            return new Series(labels, timestamps, values);
        }
        long[] kept = new long[values.length];
        System.arraycopy(timestamps, 0, kept, 0, n);
        for (int i = n; i < values.length; i++) {
            if (Frame.isPresent(values[i])) {
                kept[n] = timestamps[i];
                values[n++] = values[i];
            }
        }
        return new Series(labels, Arrays.copyOf(kept, n), Arrays.copyOf(values, n));
    }
}
