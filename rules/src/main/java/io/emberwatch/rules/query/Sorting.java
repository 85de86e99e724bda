package io.emberwatch.rules.query;

import io.emberwatch.model.flow.QueryException;
import java.util.Arrays;
import java.util.Comparator;

/** Plans {@code sort} and {@code sort_desc}, which order the result of an instant query; NaN comes last in both. */
final class Sorting implements VectorNode {
    private final Expr.Call call;
    private final VectorNode operand;

    Sorting(Expr.Call call, VectorNode operand) {
        this.call = call;
        this.operand = operand;
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        Frame frame = operand.evaluate(run, grid);
        if (grid.steps() > 1) {
            run.annotations().sortInRangeQuery(call.span());
            return frame;
        }
        Integer[] order = new Integer[frame.rows()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, comparator(frame.values()));
        return frame.ordered(order);
    }

    private Comparator<Integer> comparator(double[] values) {
        boolean descending = call.function().name().equals("sort_desc");
        return (a, b) -> {
            double x = values[a];
            double y = values[b];
            if (Double.isNaN(x) || Double.isNaN(y)) {
                return Boolean.compare(Double.isNaN(x), Double.isNaN(y));
            }
            if (x == y) {
                return 0;
            }
            return (x < y) == descending ? 1 : -1;
        };
    }
}
