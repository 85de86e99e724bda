package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which rows of a frame are aggregated together. */
final class Groups {
    private final int[] groupOf;
    private final Labels[] labels;
    private final boolean @Nullable [] dropsName;

    private Groups(int[] groupOf, Labels[] labels, boolean @Nullable [] dropsName) {
        this.groupOf = groupOf;
        this.labels = labels;
        this.dropsName = dropsName;
    }

    static Groups of(Frame frame, List<String> grouping, boolean without) {
        List<String> names = new ArrayList<>(grouping);
        if (without) {
            names.add(Labels.METRIC_NAME);
        }
        Labels[] rows = frame.labels();
        int[] groupOf = new int[rows.length];
        Map<Labels, Integer> groups = new HashMap<>();
        List<Labels> labels = new ArrayList<>();
        for (int row = 0; row < rows.length; row++) {
            Labels group =
                    without ? rows[row].dropping(names) : names.isEmpty() ? Labels.EMPTY : rows[row].keeping(names);
            Integer known = groups.putIfAbsent(group, labels.size());
            groupOf[row] = known == null ? labels.size() : known;
            if (known == null) {
                labels.add(group);
            }
        }
        return new Groups(groupOf, labels.toArray(new Labels[0]), drops(frame, groupOf, labels.size()));
    }

    private static boolean @Nullable [] drops(Frame frame, int[] groupOf, int groups) {
        if (frame.dropsName() == null) {
            return null;
        }
        boolean[] drops = new boolean[groups];
        for (int row = 0; row < groupOf.length; row++) {
            drops[groupOf[row]] |= frame.dropsName(row);
        }
        return drops;
    }

    int count() {
        return labels.length;
    }

    /** The group of each row. */
    int[] groupOf() {
        return groupOf;
    }

    Labels[] labels() {
        return labels;
    }

    boolean @Nullable [] dropsName() {
        return dropsName;
    }

    /** The rows of each group in their order. */
    int[][] members() {
        int[] sizes = new int[labels.length];
        for (int group : groupOf) {
            sizes[group]++;
        }
        int[][] members = new int[labels.length][];
        for (int group = 0; group < members.length; group++) {
            members[group] = new int[sizes[group]];
        }
        for (int row = groupOf.length - 1; row >= 0; row--) {
            members[groupOf[row]][--sizes[groupOf[row]]] = row;
        }
        return members;
    }
}
