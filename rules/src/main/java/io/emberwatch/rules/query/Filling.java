package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operands of a binary operation with {@code fill}: where a series has no partner at a time, one with the labels that
 * are matched on takes its place.
 *
 * <p>Such series come after all others, so that what is known of those stays as it is.
 */
final class Filling {
    private final VectorMatching matching;

    Filling(VectorMatching matching) {
        this.matching = matching;
    }

    /** The left operand with what its series lack to meet those of the right one. */
    Frame left(Frame left, Frame right) {
        return filled(left, right, matching.fillLeft());
    }

    /** The right operand, filled in the same way. */
    Frame right(Frame left, Frame right) {
        return filled(right, left, matching.fillRight());
    }

    private Frame filled(Frame frame, Frame other, @Nullable Double fill) {
        if (fill == null || other.rows() == 0) {
            return frame;
        }
        int steps = frame.steps();
        Map<Labels, boolean[]> own = presence(frame);
        List<Labels> labels = new ArrayList<>(List.of(frame.labels()));
        List<double[]> added = new ArrayList<>();
        presence(other).forEach((signature, present) -> {
            boolean[] taken = own.getOrDefault(signature, new boolean[steps]);
            double[] cells = Frame.absent(1, steps);
            boolean any = false;
            for (int i = 0; i < steps; i++) {
                if (present[i] && !taken[i]) {
                    cells[i] = fill;
                    any = true;
                }
            }
            if (any) {
                labels.add(signature);
                added.add(cells);
            }
        });
        if (added.isEmpty()) {
            return frame;
        }
        double[] values = Arrays.copyOf(frame.values(), labels.size() * steps);
        for (int n = 0; n < added.size(); n++) {
            System.arraycopy(added.get(n), 0, values, (frame.rows() + n) * steps, steps);
        }
        boolean[] drops = frame.dropsName();
        return new Frame(
                labels.toArray(new Labels[0]),
                drops == null ? null : Arrays.copyOf(drops, labels.size()),
                steps,
                values);
    }

    /** When any series of the labels matched on has a sample. */
    private Map<Labels, boolean[]> presence(Frame frame) {
        Map<Labels, boolean[]> presence = new LinkedHashMap<>();
        for (int row = 0; row < frame.rows(); row++) {
            boolean[] present =
                    presence.computeIfAbsent(matching.signature(frame.labels()[row]), s -> new boolean[frame.steps()]);
            for (int i = 0; i < present.length; i++) {
                present[i] |= Frame.isPresent(frame.value(row, i));
            }
        }
        return presence;
    }
}
