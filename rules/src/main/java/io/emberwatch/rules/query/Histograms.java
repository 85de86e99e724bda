package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.text.FloatText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which rows of a frame are the buckets of the same classic histogram. */
final class Histograms {
    private static final List<String> LE = List.of("le");

    /**
     * One histogram.
     *
     * @param rows of its buckets, by rising bound; rows of equal bounds stand side by side
     * @param bounds the upper bound of each row's bucket
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Buckets(int[] rows, double[] bounds) {}

    private final Labels[] labels;
    private final boolean @Nullable [] dropsName;
    private final List<Buckets> buckets;
    private final int[] malformed;

    private Histograms(Labels[] labels, boolean @Nullable [] dropsName, List<Buckets> buckets, int[] malformed) {
        this.labels = labels;
        this.dropsName = dropsName;
        this.buckets = buckets;
        this.malformed = malformed;
    }

    static Histograms of(Frame frame) {
        Map<Labels, List<Integer>> groups = new LinkedHashMap<>();
        List<Integer> malformed = new ArrayList<>();
        double[] bounds = new double[frame.rows()];
        for (int row = 0; row < bounds.length; row++) {
            bounds[row] = bound(frame.labels()[row].get("le"));
            if (Double.isNaN(bounds[row])) {
                malformed.add(row);
            } else {
                groups.computeIfAbsent(frame.labels()[row].dropping(LE), l -> new ArrayList<>())
                        .add(row);
            }
        }
        List<Buckets> buckets = new ArrayList<>();
        boolean[] drops = new boolean[groups.size()];
        for (List<Integer> rows : groups.values()) {
            drops[buckets.size()] = frame.dropsName(rows.get(0));
            rows.sort(Comparator.comparingDouble(row -> bounds[row]));
            int[] sorted = rows.stream().mapToInt(i -> i).toArray();
            buckets.add(new Buckets(
                    sorted,
                    Arrays.stream(sorted).mapToDouble(row -> bounds[row]).toArray()));
        }
        return new Histograms(
                groups.keySet().toArray(new Labels[0]),
                frame.dropsName() == null ? null : drops,
                buckets,
                malformed.stream().mapToInt(i -> i).toArray());
    }

    private static double bound(String le) {
        try {
            return FloatText.parse(le);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    Labels[] labels() {
        return labels;
    }

    boolean @Nullable [] dropsName() {
        return dropsName;
    }

    List<Buckets> buckets() {
        return buckets;
    }

    /** Says which rows were left out because their label {@code le} is missing or not a number. */
    void reportMalformed(Frame frame, Annotations annotations, Span span) {
        for (int row : malformed) {
            if (frame.hasSamples(row)) {
                annotations.badBucketLabel(frame.labels()[row].metricName(), frame.labels()[row].get("le"), span);
            }
        }
    }
}
