package io.emberwatch.rules.query;

import io.emberwatch.model.flow.QueryException;

/**
 * Plans the aggregations that need to see each sample only once: {@code sum}, {@code avg}, {@code count}, {@code min},
 * {@code max}, {@code group}, {@code stddev}, {@code stdvar}.
 *
 * <p>Rows are added to their groups one after the other, all times of a row at once.
 */
final class Accumulation implements VectorNode {
    private final Expr.Aggregation aggregation;
    private final VectorNode operand;
    private final Derived<Groups> groups = new Derived<>();

    Accumulation(Expr.Aggregation aggregation, VectorNode operand) {
        this.aggregation = aggregation;
        this.operand = operand;
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        Frame frame = operand.evaluate(run, grid);
        Groups grouped = groups.get(frame, () -> Groups.of(frame, aggregation.grouping(), aggregation.without()));
        double[] totals = run.cells(grouped.count(), grid.steps());
        switch (aggregation.aggregator()) {
            case SUM -> sum(frame, grouped.groupOf(), totals);
            case AVG -> average(frame, grouped.groupOf(), totals);
            case COUNT -> count(frame, grouped.groupOf(), totals);
            case MIN -> extreme(frame, grouped.groupOf(), totals, false);
            case MAX -> extreme(frame, grouped.groupOf(), totals, true);
            case GROUP -> group(frame, grouped.groupOf(), totals);
            default -> variance(frame, grouped.groupOf(), totals);
        }
        run.release(frame.values().length);
        return new Frame(grouped.labels(), grouped.dropsName(), grid.steps(), totals);
    }

    private static void sum(Frame frame, int[] groupOf, double[] totals) {
        int steps = frame.steps();
        double[] values = frame.values();
        double[] lost = new double[totals.length];
        for (int row = 0; row < groupOf.length; row++) {
            int from = row * steps;
            int to = groupOf[row] * steps;
            for (int i = 0; i < steps; i++) {
                double value = values[from + i];
                if (Frame.isPresent(value)) {
                    add(totals, lost, to + i, value);
                }
            }
        }
        for (int i = 0; i < totals.length; i++) {
            if (Frame.isPresent(totals[i])) {
                totals[i] += lost[i];
            }
        }
    }

    private static void add(double[] totals, double[] lost, int cell, double value) {
        double before = totals[cell];
        if (Frame.isAbsent(before)) {
            totals[cell] = value;
        } else {
            double total = before + value;
            lost[cell] = KahanSum.lost(before, value, total, lost[cell]);
            totals[cell] = total;
        }
    }

    private static void average(Frame frame, int[] groupOf, double[] totals) {
        int steps = frame.steps();
        double[] values = frame.values();
        double[] lost = new double[totals.length];
        int[] counts = new int[totals.length];
        boolean[] moving = null;
        for (int row = 0; row < groupOf.length; row++) {
            int from = row * steps;
            int to = groupOf[row] * steps;
            for (int i = 0; i < steps; i++) {
                double value = values[from + i];
                if (Frame.isPresent(value)) {
                    int cell = to + i;
                    counts[cell]++;
                    if (overflows(totals[cell], value) || (moving != null && moving[cell])) {
                        moving = moving == null ? new boolean[totals.length] : moving;
                        addToMean(totals, lost, counts, moving, cell, value);
                    } else {
                        add(totals, lost, cell, value);
                    }
                }
            }
        }
        for (int i = 0; i < totals.length; i++) {
            if (moving != null && moving[i]) {
                totals[i] += lost[i];
            } else if (counts[i] > 0) {
                totals[i] = totals[i] / counts[i] + lost[i] / counts[i];
            }
        }
    }

    private static boolean overflows(double total, double value) {
        return Frame.isPresent(total) && Double.isInfinite(total + value);
    }

    /** From the sample on that would make the sum infinite, the total is a mean that each sample moves a little. */
    private static void addToMean(
            double[] totals, double[] lost, int[] counts, boolean[] moving, int cell, double value) {
        double count = counts[cell];
        if (!moving[cell]) {
            moving[cell] = true;
            totals[cell] /= count - 1;
            lost[cell] /= count - 1;
        }
        double weight = (count - 1) / count;
        double before = weight * totals[cell];
        double part = value / count;
        double mean = before + part;
        lost[cell] = KahanSum.lost(before, part, mean, weight * lost[cell]);
        totals[cell] = mean;
    }

    private static void count(Frame frame, int[] groupOf, double[] totals) {
        int steps = frame.steps();
        double[] values = frame.values();
        for (int row = 0; row < groupOf.length; row++) {
            int from = row * steps;
            int to = groupOf[row] * steps;
            for (int i = 0; i < steps; i++) {
                if (Frame.isPresent(values[from + i])) {
                    double before = totals[to + i];
                    totals[to + i] = Frame.isAbsent(before) ? 1 : before + 1;
                }
            }
        }
    }

    private static void extreme(Frame frame, int[] groupOf, double[] totals, boolean max) {
        int steps = frame.steps();
        double[] values = frame.values();
        for (int row = 0; row < groupOf.length; row++) {
            int from = row * steps;
            int to = groupOf[row] * steps;
            for (int i = 0; i < steps; i++) {
                double value = values[from + i];
                double before = totals[to + i];
                // A NaN, and so an absent total too, gives way to anything.
                if (Frame.isPresent(value) && (Double.isNaN(before) || (max ? before < value : before > value))) {
                    totals[to + i] = value;
                }
            }
        }
    }

    private static void group(Frame frame, int[] groupOf, double[] totals) {
        int steps = frame.steps();
        double[] values = frame.values();
        for (int row = 0; row < groupOf.length; row++) {
            for (int i = 0; i < steps; i++) {
                if (Frame.isPresent(values[row * steps + i])) {
                    totals[groupOf[row] * steps + i] = 1;
                }
            }
        }
    }

    /** Welford's algorithm; a group that starts with NaN or an infinity has no variance. */
    private void variance(Frame frame, int[] groupOf, double[] totals) {
        int steps = frame.steps();
        double[] values = frame.values();
        double[] means = new double[totals.length];
        int[] counts = new int[totals.length];
        for (int row = 0; row < groupOf.length; row++) {
            for (int i = 0; i < steps; i++) {
                double value = values[row * steps + i];
                int cell = groupOf[row] * steps + i;
                if (Frame.isAbsent(value)) {
                    continue;
                }
                counts[cell]++;
                if (counts[cell] == 1) {
                    means[cell] = value;
                    totals[cell] = Double.isNaN(value) || Double.isInfinite(value) ? Double.NaN : 0;
                } else {
                    double delta = value - means[cell];
                    means[cell] += delta / counts[cell];
                    totals[cell] += delta * (value - means[cell]);
                }
            }
        }
        boolean deviation = aggregation.aggregator() == Aggregator.STDDEV;
        for (int i = 0; i < totals.length; i++) {
            if (counts[i] > 0) {
                double variance = totals[i] / counts[i];
                totals[i] = deviation ? Math.sqrt(variance) : variance;
            }
        }
    }
}
