package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import java.util.Arrays;
import java.util.List;

/**
 * Plans {@code name{label="value"}}: the newest sample of each series not older than the lookback.
 *
 * <p>A stale marker ends a series: behind it nothing is looked for.
 */
final class InstantSelector implements VectorNode {
    private static final Labels[] NONE = {};

    private final Expr.VectorSelector selector;
    private final boolean timestamps;
    private volatile Labels[] lastLabels = NONE;

    /** @param timestamps whether the values are the times of the samples in seconds, as {@code timestamp()} asks */
    InstantSelector(Expr.VectorSelector selector, boolean timestamps) {
        this.selector = selector;
        this.timestamps = timestamps;
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        Reference reference = Reference.of(selector.timing(), run, grid);
        long mint = reference.first() - run.lookbackMillis() + 1;
        boolean one = reference.first() == reference.last();
        List<Series> series = run.select(selector.matchers(), mint, reference.last(), one);
        double[] values = run.cells(series.size(), grid.steps());
        Labels[] labels = new Labels[series.size()];
        for (int row = 0; row < labels.length; row++) {
            Series s = series.get(row);
            labels[row] = s.labels();
            if (s.size() > 0) {
                fill(s, reference, run, values, row * grid.steps());
            }
            run.tick();
        }
        return new Frame(known(labels), null, grid.steps(), values);
    }

    private Labels[] known(Labels[] labels) {
        Labels[] last = lastLabels;
        if (Derived.isSame(labels, last)) {
            return last;
        }
        lastLabels = labels;
        return labels;
    }

    private void fill(Series series, Reference reference, Run run, double[] values, int base) {
        long lookback = run.lookbackMillis();
        long[] times = series.timestampsMillis();
        double[] stored = series.values();
        int at = newest(times, reference.at(0));
        for (int i = 0; i < reference.steps(); i++) {
            long time = reference.at(i);
            while (at + 1 < times.length && times[at + 1] <= time) {
                at++;
            }
            if (at >= 0 && times[at] > time - lookback && Frame.isPresent(stored[at])) {
                values[base + i] = timestamps ? times[at] / 1e3 : stored[at];
                if (Frame.isHistogram(values[base + i])) {
                    run.seeHistogram();
                }
            }
        }
    }

    /** The index of the newest point not after a time, or -1. */
    private static int newest(long[] times, long time) {
        int last = times.length - 1;
        if (times[last] <= time) {
            return last;
        }
        int found = Arrays.binarySearch(times, time);
        return found >= 0 ? found : -found - 2;
    }
}
