package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import java.util.Arrays;

/**
 * Plans {@code topk}, {@code bottomk} and {@code limitk}: some of the series of each group, under their own labels.
 *
 * <p>NaN ranks last; of equal values those that come first are taken. The result of an instant query is in order of rank.
 */
final class TopAggregation implements VectorNode {
    private final Expr.Aggregation aggregation;
    private final ScalarNode parameter;
    private final VectorNode operand;
    private final Derived<Groups> groups = new Derived<>();

    TopAggregation(Expr.Aggregation aggregation, ScalarNode parameter, VectorNode operand) {
        this.aggregation = aggregation;
        this.parameter = parameter;
        this.operand = operand;
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        double[] counts = parameter.evaluate(run, grid);
        Frame frame = operand.evaluate(run, grid);
        check(counts);
        Groups grouped = groups.get(frame, () -> Groups.of(frame, aggregation.grouping(), aggregation.without()));
        int[][] members = grouped.members();
        if (grid.steps() == 1) {
            return ranked(run, frame, members, counts[0]);
        }
        double[] results = run.cells(frame.rows(), grid.steps());
        for (int[] rows : members) {
            Ranking ranking = new Ranking(rows.length, aggregation.aggregator());
            for (int i = 0; i < grid.steps(); i++) {
                rank(frame, rows, i, counts[i], ranking);
                for (int rank = 0; rank < ranking.size(); rank++) {
                    int cell = ranking.row(rank) * grid.steps() + i;
                    results[cell] = frame.values()[cell];
                }
            }
            run.tick();
        }
        return new Frame(frame.labels(), frame.dropsName(), grid.steps(), results);
    }

    private Frame ranked(Run run, Frame frame, int[][] members, double count) throws QueryException {
        Labels[] labels = new Labels[frame.rows()];
        boolean[] drops = new boolean[frame.rows()];
        double[] values = run.cells(frame.rows(), 1);
        int n = 0;
        for (int[] rows : members) {
            Ranking ranking = new Ranking(rows.length, aggregation.aggregator());
            rank(frame, rows, 0, count, ranking);
            ranking.sort();
            for (int rank = 0; rank < ranking.size(); rank++) {
                int row = ranking.row(rank);
                labels[n] = frame.labels()[row];
                drops[n] = frame.dropsName(row);
                values[n++] = frame.values()[row];
            }
        }
        return new Frame(
                Arrays.copyOf(labels, n),
                frame.dropsName() == null ? null : Arrays.copyOf(drops, n),
                1,
                Arrays.copyOf(values, n));
    }

    private static void rank(Frame frame, int[] rows, int step, double count, Ranking ranking) {
        ranking.start(count < 1 ? 0 : (int) Math.min(rows.length, count));
        for (int row : rows) {
            double value = frame.value(row, step);
            if (Frame.isPresent(value)) {
                ranking.offer(row, value);
            }
        }
    }

    private static void check(double[] counts) throws QueryException {
        for (double count : counts) {
            if (Double.isNaN(count)) {
                throw Run.failed("Parameter value is NaN");
            }
            if (count <= -0x1p63) {
                throw Run.failed("Scalar value " + GoText.general(count) + " underflows int64");
            }
            if (count >= 0x1p63) {
                throw Run.failed("Scalar value " + GoText.general(count) + " overflows int64");
            }
        }
    }
}
