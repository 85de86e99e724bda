package io.emberwatch.rules.query;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;

/** The nodes of which scalars are made. */
final class Scalars {
    private Scalars() {}

    static ScalarNode constant(double value) {
        return (run, grid) -> {
            double[] values = new double[grid.steps()];
            Arrays.fill(values, value);
            return values;
        };
    }

    static ScalarNode time() {
        return (run, grid) -> {
            double[] values = new double[grid.steps()];
            for (int i = 0; i < values.length; i++) {
                values[i] = grid.at(i) / 1e3;
            }
            return values;
        };
    }

    /** A scalar that the whole query decides. */
    static ScalarNode ofRun(ToDoubleFunction<Run> value) {
        return (run, grid) -> constant(value.applyAsDouble(run)).evaluate(run, grid);
    }

    static ScalarNode joined(DoubleBinaryOperator function, ScalarNode left, ScalarNode right) {
        return (run, grid) -> {
            double[] values = left.evaluate(run, grid);
            double[] others = right.evaluate(run, grid);
            for (int i = 0; i < values.length; i++) {
                values[i] = function.applyAsDouble(values[i], others[i]);
            }
            return values;
        };
    }

    static ScalarNode negated(ScalarNode operand) {
        return (run, grid) -> {
            double[] values = operand.evaluate(run, grid);
            for (int i = 0; i < values.length; i++) {
                values[i] = -values[i];
            }
            return values;
        };
    }

    static ScalarNode combined(BinaryOperator operator, ScalarNode left, ScalarNode right) {
        return (run, grid) -> {
            double[] values = left.evaluate(run, grid);
            double[] others = right.evaluate(run, grid);
            for (int i = 0; i < values.length; i++) {
                values[i] = Operators.scalar(operator, values[i], others[i]);
            }
            return values;
        };
    }

    /** The value of the only sample, NaN when there are none or several. */
    static ScalarNode only(VectorNode operand) {
        return (run, grid) -> {
            Frame frame = operand.evaluate(run, grid);
            double[] values = new double[grid.steps()];
            for (int i = 0; i < values.length; i++) {
                int found = 0;
                for (int row = 0; row < frame.rows(); row++) {
                    if (Frame.isPresent(frame.value(row, i))) {
                        values[i] = frame.value(row, i);
                        found++;
                    }
                }
                values[i] = found == 1 ? values[i] : Double.NaN;
            }
            return values;
        };
    }
}
