package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** New labels for the rows of a frame; rows whose labels become equal are merged into one. */
final class Renaming {
    private static final List<String> METADATA = List.of(Labels.METRIC_NAME, "__type__", "__unit__");
    private static final String DUPLICATE = "vector cannot contain metrics with the same labelset";

    private final Labels[] labels;
    private final boolean @Nullable [] dropsName;

    /** Which new row each old one goes to; null when they stay apart. */
    private final int @Nullable [] targets;

    private Renaming(Labels[] labels, boolean @Nullable [] dropsName, int @Nullable [] targets) {
        this.labels = labels;
        this.dropsName = dropsName;
        this.targets = targets;
    }

    /** The labels without the name and what belongs to it, the type and the unit. */
    static Labels withoutName(Labels labels) {
        return labels.dropping(METADATA);
    }

    /** All rows keep their labels and lose their names at the end of the query. */
    static Renaming dropLater(Labels[] labels) {
        boolean[] drops = new boolean[labels.length];
        Arrays.fill(drops, true);
        return new Renaming(labels, drops, null);
    }

    /** All rows lose their names now. */
    static Renaming dropNow(Labels[] labels) {
        Labels[] dropped = new Labels[labels.length];
        for (int i = 0; i < labels.length; i++) {
            dropped[i] = withoutName(labels[i]);
        }
        return of(dropped, null);
    }

    /** The rows that are to lose their names lose them now. */
    static Renaming dropMarked(Labels[] labels, boolean @Nullable [] marked) {
        Labels[] dropped = labels.clone();
        for (int i = 0; marked != null && i < labels.length; i++) {
            dropped[i] = marked[i] ? withoutName(labels[i]) : labels[i];
        }
        return of(dropped, null);
    }

    /** The rows get these labels, which may be equal for some. */
    static Renaming of(Labels[] renamed, boolean @Nullable [] dropsName) {
        Map<Labels, Integer> rows = new HashMap<>(2 * renamed.length);
        int[] targets = new int[renamed.length];
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < renamed.length; i++) {
            Integer row = rows.putIfAbsent(renamed[i], kept.size());
            targets[i] = row == null ? kept.size() : row;
            if (row == null) {
                kept.add(i);
            }
        }
        if (kept.size() == renamed.length) {
            return new Renaming(renamed, dropsName, null);
        }
        Labels[] labels = new Labels[kept.size()];
        boolean[] drops = dropsName == null ? null : new boolean[kept.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = renamed[kept.get(i)];
            if (drops != null && dropsName != null) {
                drops[i] = dropsName[kept.get(i)];
            }
        }
        return new Renaming(labels, drops, targets);
    }

    boolean merges() {
        return targets != null;
    }

    Labels[] labels() {
        return labels;
    }

    /**
     * The frame under the new labels.
     *
     * @throws QueryException when two series that become one have samples at the same time
     */
    Frame apply(Frame frame, Run run) throws QueryException {
        return targets == null ? frame.relabelled(labels, dropsName) : merge(frame, targets, run);
    }

    /** As {@link #apply}, but series may not become one even if they never meet. */
    Frame applyApart(Frame frame, Run run) throws QueryException {
        if (targets == null) {
            return frame.relabelled(labels, dropsName);
        }
        boolean[] taken = new boolean[labels.length];
        for (int row = 0; row < targets.length; row++) {
            if (frame.hasSamples(row)) {
                if (taken[targets[row]]) {
                    throw Run.failed(DUPLICATE);
                }
                taken[targets[row]] = true;
            }
        }
        return merge(frame, targets, run);
    }

    private Frame merge(Frame frame, int[] into, Run run) throws QueryException {
        int steps = frame.steps();
        double[] merged = run.cells(labels.length, steps);
        double[] values = frame.values();
        for (int row = 0; row < into.length; row++) {
            int base = into[row] * steps;
            for (int i = 0; i < steps; i++) {
                double value = values[row * steps + i];
                if (Frame.isPresent(value)) {
                    if (Frame.isPresent(merged[base + i])) {
                        throw Run.failed(DUPLICATE);
                    }
                    merged[base + i] = value;
                }
            }
        }
        return new Frame(labels, dropsName, steps, merged);
    }
}
