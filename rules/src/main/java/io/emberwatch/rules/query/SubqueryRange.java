package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import org.jspecify.annotations.Nullable;

/**
 * Plans {@code expr[1h:5m]}: the expression at every multiple of the step within the range.
 *
 * <p>The times are multiples of the step since the Unix epoch, whatever the time of the query.
 */
final class SubqueryRange implements RangeNode {
    private final Expr.Subquery subquery;
    private final VectorNode inner;

    SubqueryRange(Expr.Subquery subquery, VectorNode inner) {
        this.subquery = subquery;
        this.inner = inner;
    }

    @Override
    public Ranges evaluate(Run run, Grid grid) throws QueryException {
        Reference reference = Reference.of(subquery.timing(), run, grid);
        long range = Lengths.positive(subquery.range(), run);
        long step = subquery.step() == null
                ? run.options().subqueryStep().toMillis()
                : Lengths.positive(subquery.step(), run);
        if (step <= 0) {
            throw Run.failed("subquery step must be at least 1ms");
        }
        long start = Math.floorDiv(reference.first() - range, step) * step + step;
        long steps = Math.floorDiv(reference.last() - start, step) + 1;
        if (steps <= 0) {
            return new Computed(Frame.empty(0), new long[0], reference, range);
        }
        run.hold(steps);
        Grid times = new Grid(start, step, (int) steps);
        Frame frame = Floats.orFail(inner, "subqueries").evaluate(run, times);
        run.release(steps);
        return new Computed(frame, times.timestamps(), reference, range);
    }

    /** Series that were computed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Computed(Frame frame, long[] times, Reference reference, long rangeMillis) implements Ranges {
        @Override
        public Labels[] labels() {
            return frame.labels();
        }

        @Override
        public boolean @Nullable [] dropsName() {
            return frame.dropsName();
        }

        @Override
        public long windowEnd(int step) {
            return reference.at(step);
        }

        @Override
        public void load(int row, Window window) {
            int base = row * times.length;
            double[] values = new double[times.length];
            int n = 0;
            while (n < times.length && Frame.isPresent(frame.values()[base + n])) {
                values[n] = frame.values()[base + n];
                n++;
            }
            if (n == times.length) {
                window.load(times, values, 0, n);
                return;
            }
            long[] kept = times.clone();
            for (int i = n; i < times.length; i++) {
                double value = frame.values()[base + i];
                if (Frame.isPresent(value)) {
                    kept[n] = times[i];
                    values[n++] = value;
                }
            }
            window.load(kept, values, 0, n);
        }
    }
}
