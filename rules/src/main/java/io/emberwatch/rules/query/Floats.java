package io.emberwatch.rules.query;

import io.emberwatch.model.flow.QueryException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps native histograms away from an operation that cannot work on them. */
final class Floats implements VectorNode {
    private final VectorNode operand;
    private final @Nullable String refusal;
    private final Consumer<Annotations> note;

    private Floats(VectorNode operand, @Nullable String refusal, Consumer<Annotations> note) {
        this.operand = operand;
        this.refusal = refusal;
        this.note = note;
    }

    /** The operation leaves histograms out. */
    static VectorNode only(VectorNode operand) {
        return new Floats(operand, null, annotations -> {});
    }

    /** The operation leaves histograms out and says so. */
    static VectorNode only(VectorNode operand, Consumer<Annotations> note) {
        return new Floats(operand, null, note);
    }

    /** The operation would have to compute with histograms, which the engine cannot. */
    static VectorNode orFail(VectorNode operand, String operation) {
        return new Floats(operand, "native histograms are not supported by " + operation, annotations -> {});
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        Frame frame = operand.evaluate(run, grid);
        if (!run.sawHistograms()) {
            return frame;
        }
        double[] values = frame.values();
        boolean found = false;
        for (int i = 0; i < values.length; i++) {
            if (Frame.isHistogram(values[i])) {
                values[i] = Frame.ABSENT;
                found = true;
            }
        }
        if (found && refusal != null) {
            throw Run.failed(refusal);
        }
        if (found) {
            note.accept(run.annotations());
        }
        return frame;
    }
}
