package io.emberwatch.rules.query;

import io.emberwatch.model.flow.QueryException;
import org.jspecify.annotations.Nullable;

/** Plans an operator between a vector and a scalar: {@code x * 2}, {@code 5 < x}. */
final class ScalarOperation implements VectorNode {
    private final Expr.Binary binary;
    private final VectorNode vector;
    private final ScalarNode scalar;
    private final boolean scalarFirst;
    private final @Nullable NameDrop nameDrop;

    /** @param nameDrop null when the result keeps names */
    ScalarOperation(
            Expr.Binary binary,
            VectorNode vector,
            ScalarNode scalar,
            boolean scalarFirst,
            @Nullable NameDrop nameDrop) {
        this.binary = binary;
        this.vector = vector;
        this.scalar = scalar;
        this.scalarFirst = scalarFirst;
        this.nameDrop = nameDrop;
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        Frame frame = vector.evaluate(run, grid);
        double[] scalars = scalar.evaluate(run, grid);
        BinaryOperator operator = binary.operator();
        if (Operators.trims(operator)) {
            return trim(run, frame);
        }
        double[] values = frame.values();
        if (operator.isComparison()) {
            compare(values, scalars);
        } else {
            compute(operator, values, scalars);
        }
        return nameDrop == null ? frame : nameDrop.apply(frame, run);
    }

    private void compute(BinaryOperator operator, double[] values, double[] scalars) {
        int steps = scalars.length;
        for (int base = 0; base < values.length; base += steps) {
            for (int i = 0; i < steps; i++) {
                double value = values[base + i];
                if (Frame.isPresent(value)) {
                    values[base + i] = scalarFirst
                            ? Operators.arithmetic(operator, scalars[i], value)
                            : Operators.arithmetic(operator, value, scalars[i]);
                }
            }
        }
    }

    /** A comparison that holds keeps the value of the vector, on whichever side it stands. */
    private void compare(double[] values, double[] scalars) {
        int steps = scalars.length;
        for (int base = 0; base < values.length; base += steps) {
            for (int i = 0; i < steps; i++) {
                double value = values[base + i];
                if (Frame.isPresent(value)) {
                    boolean holds = scalarFirst
                            ? Operators.holds(binary.operator(), scalars[i], value)
                            : Operators.holds(binary.operator(), value, scalars[i]);
                    if (binary.returnsBool()) {
                        values[base + i] = holds ? 1 : 0;
                    } else if (!holds) {
                        values[base + i] = Frame.ABSENT;
                    }
                }
            }
        }
    }

    private Frame trim(Run run, Frame frame) {
        for (int row = 0; row < frame.rows(); row++) {
            if (frame.hasSamples(row)) {
                run.annotations().incompatibleTypes(binary.operator(), "float", "float", binary.span());
                break;
            }
        }
        return Frame.empty(frame.steps());
    }
}
