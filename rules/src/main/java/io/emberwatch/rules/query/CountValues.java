package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Plans {@code count_values by (job) ("value", x)}: how many series have each value. */
final class CountValues implements VectorNode {
    private record Key(int group, long valueBits) {}

    private final Expr.Aggregation aggregation;
    private final String label;
    private final VectorNode operand;
    private final Derived<Groups> groups = new Derived<>();

    CountValues(Expr.Aggregation aggregation, String label, VectorNode operand) {
        this.aggregation = aggregation;
        this.label = label;
        this.operand = operand;
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        if (!Names.isLabel(label)) {
            throw Run.failed("invalid label name " + GoText.quote(label));
        }
        Frame frame = operand.evaluate(run, grid);
        Groups grouped = groups.get(frame, () -> Groups.of(frame, grouping(), aggregation.without()));
        boolean labelled = !aggregation.without() || !aggregation.grouping().contains(label);
        int steps = grid.steps();
        Map<Key, double[]> counts = new HashMap<>();
        List<Labels> labels = new ArrayList<>();
        List<double[]> rows = new ArrayList<>();
        for (int row = 0; row < frame.rows(); row++) {
            int group = grouped.groupOf()[row];
            for (int i = 0; i < steps; i++) {
                double value = frame.value(row, i);
                if (Frame.isAbsent(value)) {
                    continue;
                }
                Key key = new Key(group, labelled ? Double.doubleToLongBits(value) : 0);
                double[] cells = counts.get(key);
                if (cells == null) {
                    cells = run.cells(1, steps);
                    counts.put(key, cells);
                    rows.add(cells);
                    Labels of = grouped.labels()[group];
                    labels.add(labelled ? of.with(label, Literals.number(value)) : of);
                }
                cells[i] = Frame.isAbsent(cells[i]) ? 1 : cells[i] + 1;
            }
            run.tick();
        }
        double[] values = new double[rows.size() * steps];
        for (int row = 0; row < rows.size(); row++) {
            System.arraycopy(rows.get(row), 0, values, row * steps, steps);
        }
        return new Frame(labels.toArray(new Labels[0]), null, steps, values);
    }

    /** The labels that make the groups, the label of the value not among them. */
    private List<String> grouping() {
        List<String> names = new ArrayList<>(aggregation.grouping());
        names.removeIf(label::equals);
        if (aggregation.without()) {
            names.add(label);
        }
        return names;
    }
}
