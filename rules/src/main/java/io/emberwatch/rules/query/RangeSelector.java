package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans {@code selector[5m]}: the samples after the start of the range up to and including its end. */
final class RangeSelector implements RangeNode {
    private final Expr.MatrixSelector matrix;

    RangeSelector(Expr.MatrixSelector matrix) {
        this.matrix = matrix;
    }

    @Override
    public Ranges evaluate(Run run, Grid grid) throws QueryException {
        Reference reference = Reference.of(matrix.selector().timing(), run, grid);
        long range = Lengths.positive(matrix.range(), run);
        List<Series> series =
                run.select(matrix.selector().matchers(), reference.first() - range + 1, reference.last(), false);
        Labels[] labels = new Labels[series.size()];
        return new StoredRanges(run, series, labels, reference, range);
    }

    /** Series of the source. Their labels are known once they are loaded. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record StoredRanges(Run run, List<Series> series, Labels[] labels, Reference reference, long rangeMillis)
            implements Ranges {
        @Override
        public boolean @Nullable [] dropsName() {
            return null;
        }

        @Override
        public long windowEnd(int step) {
            return reference.at(step);
        }

        @Override
        public void load(int row, Window window) throws QueryException {
            Series s = series.get(row);
            labels[row] = s.labels();
            run.hold(s.size());
            run.release(s.size());
            window.loadStored(s.timestampsMillis(), s.values(), reference.first() - rangeMillis, reference.last());
            if (window.hasHistograms()) {
                run.seeHistogram();
            }
        }
    }
}
