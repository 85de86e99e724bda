package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Plans {@code absent} and {@code absent_over_time}: 1 wherever there is nothing. */
final class Absence {
    private Absence() {}

    static VectorNode ofVector(Expr argument, VectorNode operand) {
        Labels[] labels = {labels(argument)};
        return (run, grid) -> {
            Frame frame = operand.evaluate(run, grid);
            double[] values = run.cells(1, grid.steps());
            for (int i = 0; i < values.length; i++) {
                if (!frame.hasSample(i)) {
                    values[i] = 1;
                }
            }
            return new Frame(labels, null, grid.steps(), values);
        };
    }

    static VectorNode ofRange(Expr argument, RangeNode operand) {
        Labels[] labels = {labels(argument)};
        return (run, grid) -> new Frame(labels, null, grid.steps(), absent(operand.evaluate(run, grid), run, grid));
    }

    private static double[] absent(RangeNode.Ranges ranges, Run run, Grid grid) throws QueryException {
        double[] values = run.cells(1, grid.steps());
        Arrays.fill(values, 1);
        Window window = new Window();
        for (int row = 0; row < ranges.labels().length; row++) {
            ranges.load(row, window);
            for (int i = 0; i < values.length; i++) {
                long end = ranges.windowEnd(i);
                window.moveTo(end - ranges.rangeMillis(), end);
                if (!window.isEmpty()) {
                    values[i] = Frame.ABSENT;
                }
            }
            run.tick();
        }
        return values;
    }

    /** What the absent series would be called: the labels that a bare selector asks for by an equality, once each. */
    private static Labels labels(Expr argument) {
        List<Matcher> matchers;
        if (argument instanceof Expr.VectorSelector selector) {
            matchers = selector.matchers();
        } else if (argument instanceof Expr.MatrixSelector matrix) {
            matchers = matrix.selector().matchers();
        } else {
            return Labels.EMPTY;
        }
        Labels.Builder labels = Labels.builder();
        Set<String> seen = new HashSet<>();
        for (Matcher matcher : matchers) {
            if (matcher.name().equals(Labels.METRIC_NAME)) {
                continue;
            }
            if (matcher.type() == Matcher.Type.EQ && seen.add(matcher.name())) {
                labels.set(matcher.name(), matcher.value());
            } else {
                labels.remove(matcher.name());
            }
        }
        return labels.build();
    }
}
