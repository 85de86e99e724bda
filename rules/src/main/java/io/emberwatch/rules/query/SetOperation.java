package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Plans {@code and}, {@code or} and {@code unless}. */
final class SetOperation implements VectorNode {
    /**
     * @param left the number of the labels compared, per row of the left side
     * @param right the same of the right side
     * @param signatures how many numbers there are
     * @param rows the row of the result that each row of the right side goes to
     * @param labels those of the result of {@code or}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Plan(
            int[] left, int[] right, int signatures, int[] rows, Labels[] labels, boolean @Nullable [] dropsName) {}

    private final BinaryOperator operator;
    private final VectorMatching matching;
    private final VectorNode left;
    private final VectorNode right;
    private final Derived<Plan> plans = new Derived<>();

    SetOperation(Expr.Binary binary, VectorNode left, VectorNode right) {
        this.operator = binary.operator();
        this.matching = Objects.requireNonNull(binary.matching());
        this.left = left;
        this.right = right;
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        Frame a = left.evaluate(run, grid);
        Frame b = right.evaluate(run, grid);
        Plan plan = plans.get(a, b, () -> plan(a, b));
        if (operator == BinaryOperator.OR) {
            return union(run, plan, a, b);
        }
        boolean[] present = present(b, plan.right, plan.signatures);
        boolean wanted = operator == BinaryOperator.AND;
        int steps = grid.steps();
        double[] values = a.values();
        for (int row = 0; row < plan.left.length; row++) {
            int of = plan.left[row] * steps;
            for (int i = 0; i < steps; i++) {
                if (present[of + i] != wanted) {
                    values[row * steps + i] = Frame.ABSENT;
                }
            }
        }
        run.release(b.values().length);
        return a;
    }

    private static boolean[] present(Frame frame, int[] signatureOf, int signatures) {
        int steps = frame.steps();
        boolean[] present = new boolean[signatures * steps];
        double[] values = frame.values();
        for (int row = 0; row < signatureOf.length; row++) {
            int of = signatureOf[row] * steps;
            for (int i = 0; i < steps; i++) {
                if (Frame.isPresent(values[row * steps + i])) {
                    present[of + i] = true;
                }
            }
        }
        return present;
    }

    private static Frame union(Run run, Plan plan, Frame a, Frame b) throws QueryException {
        int steps = a.steps();
        double[] values = run.cells(plan.labels.length, steps);
        System.arraycopy(a.values(), 0, values, 0, a.values().length);
        boolean[] present = present(a, plan.left, plan.signatures);
        double[] others = b.values();
        for (int row = 0; row < plan.right.length; row++) {
            int of = plan.right[row] * steps;
            int to = plan.rows[row] * steps;
            for (int i = 0; i < steps; i++) {
                double value = others[row * steps + i];
                if (Frame.isPresent(value) && !present[of + i]) {
                    values[to + i] = value;
                }
            }
        }
        run.release(a.values().length + b.values().length);
        return new Frame(plan.labels, plan.dropsName, steps, values);
    }

    private Plan plan(Frame a, Frame b) {
        Map<Labels, Integer> signatures = new HashMap<>();
        int[] ofLeft = signatures(a, signatures);
        int[] ofRight = signatures(b, signatures);
        Map<Labels, Integer> known = new HashMap<>();
        List<Labels> labels = new ArrayList<>(List.of(a.labels()));
        for (int row = 0; row < a.rows(); row++) {
            known.putIfAbsent(a.labels()[row], row);
        }
        int[] rows = new int[b.rows()];
        boolean[] drops = new boolean[a.rows() + b.rows()];
        boolean any = false;
        for (int row = 0; row < a.rows(); row++) {
            drops[row] = a.dropsName(row);
            any |= drops[row];
        }
        for (int row = 0; row < rows.length; row++) {
            Integer same = known.putIfAbsent(b.labels()[row], labels.size());
            rows[row] = same == null ? labels.size() : same;
            if (same == null) {
                drops[labels.size()] = b.dropsName(row);
                any |= b.dropsName(row);
                labels.add(b.labels()[row]);
            }
        }
        return new Plan(
                ofLeft,
                ofRight,
                signatures.size(),
                rows,
                labels.toArray(new Labels[0]),
                any ? Arrays.copyOf(drops, labels.size()) : null);
    }

    private int[] signatures(Frame frame, Map<Labels, Integer> signatures) {
        int[] of = new int[frame.rows()];
        for (int row = 0; row < of.length; row++) {
            Labels signature = matching.signature(frame.labels()[row]);
            Integer known = signatures.putIfAbsent(signature, signatures.size());
            of[row] = known == null ? signatures.size() - 1 : known;
        }
        return of;
    }
}
