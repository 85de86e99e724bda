package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.query.VectorMatching.Cardinality;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Plans arithmetic and comparisons between two vectors: {@code a / on (job) group_left b}. */
final class VectorOperation implements VectorNode {
    /** A join with its lists as arrays, ready to be gone through. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Plan(Join join, Join.Pair[] pairs, Labels[] labels, boolean @Nullable [] dropsName) {}

    private final Expr.Binary binary;
    private final VectorMatching matching;
    private final VectorNode left;
    private final VectorNode right;
    private final @Nullable NameDrop nameDrop;
    private final Derived<Plan> plans = new Derived<>();

    /** @param nameDrop null when results keep such names as the operation leaves them */
    VectorOperation(Expr.Binary binary, VectorNode left, VectorNode right, @Nullable NameDrop nameDrop) {
        this.binary = binary;
        this.matching = Objects.requireNonNull(binary.matching());
        this.left = left;
        this.right = right;
        this.nameDrop = nameDrop;
    }

    private boolean swapped() {
        return matching.cardinality() == Cardinality.ONE_TO_MANY;
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        Frame leftFrame = left.evaluate(run, grid);
        Frame rightFrame = right.evaluate(run, grid);
        if (matching.fills()) {
            Filling filling = new Filling(matching);
            Frame filledLeft = filling.left(leftFrame, rightFrame);
            rightFrame = filling.right(leftFrame, rightFrame);
            leftFrame = filledLeft;
        }
        Frame many = swapped() ? rightFrame : leftFrame;
        Frame one = swapped() ? leftFrame : rightFrame;
        Plan plan = plans.get(many, one, () -> plan(Join.of(many, one, binary)));
        for (int[] rows : plan.join.crowdedOnes()) {
            refuseMeeting(many, one, rows);
        }
        double[] values = run.cells(plan.labels.length, grid.steps());
        Meetings meetings = new Meetings(grid.steps());
        for (Join.Pair pair : plan.pairs) {
            if (plan.join.isCrowded(pair) || plan.join.isShared(pair)) {
                computeWatched(many, one, pair, values, meetings);
            } else {
                compute(many, one, pair, values);
            }
            run.tick();
        }
        if (Operators.trims(binary.operator())) {
            return trim(run, plan, many, one, grid);
        }
        run.release(many.values().length + one.values().length);
        Frame frame = new Frame(plan.labels, plan.dropsName, grid.steps(), values);
        return nameDrop == null ? frame : nameDrop.apply(frame, run);
    }

    private static Plan plan(Join join) {
        return new Plan(join, join.pairs().toArray(new Join.Pair[0]), join.results(), join.dropsName());
    }

    /** Series of the one side that match the same must not have samples at one time, unless the other side is empty. */
    private void refuseMeeting(Frame many, Frame one, int[] rows) throws QueryException {
        for (int i = 0; i < one.steps(); i++) {
            int found = -1;
            for (int row : rows) {
                if (Frame.isPresent(one.value(row, i))) {
                    if (found >= 0 && many.hasSample(i)) {
                        throw duplicate(one.labels()[found], one.labels()[row]);
                    }
                    found = row;
                }
            }
        }
    }

    private QueryException duplicate(Labels a, Labels b) {
        Labels first = a.compareTo(b) <= 0 ? a : b;
        Labels second = a.compareTo(b) <= 0 ? b : a;
        return Run.failed("found duplicate series for the match group "
                + GoText.labels(matching.signature(a)) + " on the " + (swapped() ? "left" : "right")
                + " hand-side of the operation: [" + GoText.labels(first) + ", " + GoText.labels(second)
                + "];many-to-many matching not allowed: matching labels must be unique on one side");
    }

    private void compute(Frame many, Frame one, Join.Pair pair, double[] results) {
        int steps = many.steps();
        Frame leftFrame = swapped() ? one : many;
        Frame rightFrame = swapped() ? many : one;
        double[] a = leftFrame.values();
        double[] b = rightFrame.values();
        int ai = (swapped() ? pair.one() : pair.many()) * steps;
        int bi = (swapped() ? pair.many() : pair.one()) * steps;
        int to = pair.result() * steps;
        if (Operators.trims(binary.operator())) {
            return;
        }
        for (int i = 0; i < steps; i++) {
            double x = a[ai + i];
            double y = b[bi + i];
            if (Frame.isPresent(x) && Frame.isPresent(y)) {
                results[to + i] = Operators.element(binary.operator(), binary.returnsBool(), x, y);
            }
        }
    }

    /** As {@link #compute}, where other pairs may yield the same series at the same time, which is an error. */
    private void computeWatched(Frame many, Frame one, Join.Pair pair, double[] results, Meetings meetings)
            throws QueryException {
        boolean oneToOne = matching.cardinality() == Cardinality.ONE_TO_ONE;
        boolean[] met = meetings.of(pair, oneToOne);
        for (int i = 0; i < many.steps(); i++) {
            double x = many.value(pair.many(), i);
            double y = one.value(pair.one(), i);
            if (Frame.isAbsent(x) || Frame.isAbsent(y)) {
                continue;
            }
            if (met[i]) {
                throw Run.failed(
                        oneToOne
                                ? "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
                                : "multiple matches for labels: grouping labels must ensure unique matches");
            }
            met[i] = true;
            if (Operators.trims(binary.operator())) {
                continue;
            }
            double value = swapped()
                    ? Operators.element(binary.operator(), binary.returnsBool(), y, x)
                    : Operators.element(binary.operator(), binary.returnsBool(), x, y);
            int cell = pair.result() * many.steps() + i;
            if (Frame.isPresent(value) && Frame.isPresent(results[cell])) {
                throw Run.failed("vector cannot contain metrics with the same labelset");
            }
            results[cell] = Frame.isPresent(value) ? value : results[cell];
        }
    }

    private Frame trim(Run run, Plan plan, Frame many, Frame one, Grid grid) {
        for (Join.Pair pair : plan.pairs) {
            for (int i = 0; i < grid.steps(); i++) {
                if (Frame.isPresent(many.value(pair.many(), i)) && Frame.isPresent(one.value(pair.one(), i))) {
                    run.annotations().incompatibleTypes(binary.operator(), "float", "float", binary.span());
                    return Frame.empty(grid.steps());
                }
            }
        }
        return Frame.empty(grid.steps());
    }

    /** When series met that must meet but once: per signature, and for many-to-one per result too. */
    private static final class Meetings {
        private final int steps;
        private final Map<List<Integer>, boolean[]> met = new HashMap<>();

        Meetings(int steps) {
            this.steps = steps;
        }

        boolean[] of(Join.Pair pair, boolean oneToOne) {
            List<Integer> key = oneToOne ? List.of(pair.signature()) : List.of(pair.signature(), pair.result());
            return met.computeIfAbsent(key, k -> new boolean[steps]);
        }
    }
}
