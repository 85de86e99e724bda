package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which series of two vectors meet in a binary operation, and what their results are called.
 *
 * <p>Made from labels alone, so that the samples can be gone through pair by pair. The side whose series may meet several
 * is called many, the other one; in one-to-one matching the left side is called many.
 */
final class Join {
    /**
     * A series of each side and the row of their results.
     *
     * @param signature the number of the labels that they have in common
     */
    record Pair(int many, int one, int result, int signature) {}

    private static final Collection<String> METADATA = Set.of(Labels.METRIC_NAME, "__type__", "__unit__");

    private final List<Pair> pairs = new ArrayList<>();
    private final List<Labels> results = new ArrayList<>();
    private final List<Boolean> drops = new ArrayList<>();
    private final List<int[]> crowdedOnes = new ArrayList<>();
    private final Set<Integer> crowdedManys = new HashSet<>();
    private final Set<Integer> sharedResults = new HashSet<>();

    private Join() {}

    static Join of(Frame many, Frame one, Expr.Binary binary) {
        VectorMatching matching = Objects.requireNonNull(binary.matching());
        Join join = new Join();
        Map<Labels, Integer> signatures = new HashMap<>();
        List<List<Integer>> ones = new ArrayList<>();
        for (int row = 0; row < one.rows(); row++) {
            Labels signature = matching.signature(one.labels()[row]);
            int number = signatures.computeIfAbsent(signature, s -> {
                ones.add(new ArrayList<>());
                return ones.size() - 1;
            });
            ones.get(number).add(row);
        }
        for (List<Integer> rows : ones) {
            if (rows.size() > 1) {
                join.crowdedOnes.add(rows.stream().mapToInt(i -> i).toArray());
            }
        }
        join.pair(many, one, signatures, ones, binary);
        return join;
    }

    private void pair(
            Frame many, Frame one, Map<Labels, Integer> signatures, List<List<Integer>> ones, Expr.Binary binary) {
        VectorMatching matching = Objects.requireNonNull(binary.matching());
        Map<Labels, Integer> rows = new HashMap<>();
        int[] met = new int[ones.size()];
        for (int row = 0; row < many.rows(); row++) {
            Integer signature = signatures.get(matching.signature(many.labels()[row]));
            if (signature == null) {
                continue;
            }
            if (++met[signature] > 1) {
                crowdedManys.add(signature);
            }
            for (int partner : ones.get(signature)) {
                Labels labels = result(many.labels()[row], one.labels()[partner], binary, matching);
                boolean dropsName = many.dropsName(row);
                Integer known = rows.putIfAbsent(labels, results.size());
                if (known == null) {
                    results.add(labels);
                    drops.add(dropsName);
                } else {
                    sharedResults.add(known);
                }
                pairs.add(new Pair(row, partner, known == null ? results.size() - 1 : known, signature));
            }
        }
    }

    private static Labels result(Labels many, Labels one, Expr.Binary binary, VectorMatching matching) {
        Labels labels = many;
        if (Operators.changesMeaning(binary.operator())) {
            labels = labels.dropping(METADATA);
        }
        if (matching.cardinality() == VectorMatching.Cardinality.ONE_TO_ONE) {
            return matching.on() ? labels.keeping(matching.labels()) : labels.dropping(matching.labels());
        }
        for (String name : matching.include()) {
            labels = labels.with(name, one.get(name));
        }
        return labels;
    }

    List<Pair> pairs() {
        return pairs;
    }

    Labels[] results() {
        return results.toArray(new Labels[0]);
    }

    boolean @Nullable [] dropsName() {
        if (!drops.contains(true)) {
            return null;
        }
        boolean[] array = new boolean[drops.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = drops.get(i);
        }
        return array;
    }

    /** Series of the one side that match the same: only one of them may have a sample at a time. */
    List<int[]> crowdedOnes() {
        return crowdedOnes;
    }

    /** Whether several series of the many side have this signature. */
    boolean isCrowded(Pair pair) {
        return crowdedManys.contains(pair.signature);
    }

    /** Whether other pairs have the same row of results. */
    boolean isShared(Pair pair) {
        return sharedResults.contains(pair.result);
    }
}
