package io.emberwatch.rules.query;

import io.emberwatch.model.flow.QueryException;
import java.util.Objects;

/** Plans {@code quantile by (job) (0.9, x)}. */
final class QuantileAggregation implements VectorNode {
    private final Expr.Aggregation aggregation;
    private final ScalarNode parameter;
    private final VectorNode operand;
    private final Derived<Groups> groups = new Derived<>();

    QuantileAggregation(Expr.Aggregation aggregation, ScalarNode parameter, VectorNode operand) {
        this.aggregation = aggregation;
        this.parameter = parameter;
        this.operand = operand;
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        double[] quantiles = parameter.evaluate(run, grid);
        Frame frame = operand.evaluate(run, grid);
        Groups grouped = groups.get(frame, () -> Groups.of(frame, aggregation.grouping(), aggregation.without()));
        if (frame.rows() > 0) {
            check(run, quantiles);
        }
        double[] results = run.cells(grouped.count(), grid.steps());
        int[][] members = grouped.members();
        for (int group = 0; group < members.length; group++) {
            double[] values = new double[members[group].length];
            for (int i = 0; i < grid.steps(); i++) {
                int count = 0;
                for (int row : members[group]) {
                    double value = frame.value(row, i);
                    if (Frame.isPresent(value)) {
                        values[count++] = value;
                    }
                }
                if (count > 0) {
                    results[group * grid.steps() + i] = GoMath.quantile(quantiles[i], values, count);
                }
            }
            run.tick();
        }
        return new Frame(grouped.labels(), grouped.dropsName(), grid.steps(), results);
    }

    private void check(Run run, double[] quantiles) {
        Span span = Objects.requireNonNull(aggregation.param()).span();
        boolean nan = false;
        double max = 0;
        double min = 0;
        for (double q : quantiles) {
            nan = nan || Double.isNaN(q);
            max = Double.isNaN(q) ? max : Math.max(max, q);
            min = Double.isNaN(q) ? min : Math.min(min, q);
        }
        if (nan) {
            run.annotations().invalidQuantile(Double.NaN, span);
        }
        if (max > 1) {
            run.annotations().invalidQuantile(max, span);
        }
        if (min < 0) {
            run.annotations().invalidQuantile(min, span);
        }
    }
}
