package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the series of two vectors find each other: {@code on (a, b) group_left (c)}.
 *
 * @param labels the labels of {@code on} or {@code ignoring}
 * @param on whether the labels are those compared, rather than those left out
 * @param include the labels of {@code group_left} or {@code group_right}
 * @param fillLeft the value that stands for a missing series on the left; experimental, null when not given
 * @param fillRight the value that stands for a missing series on the right; experimental, null when not given
 */
public record VectorMatching(
        Cardinality cardinality,
        List<String> labels,
        boolean on,
        List<String> include,
        @Nullable Double fillLeft,
        @Nullable Double fillRight) {
    /** What holds when nothing is written. */
    static final VectorMatching NONE =
            new VectorMatching(Cardinality.ONE_TO_ONE, List.of(), false, List.of(), null, null);

    /** How many series of each side may meet. */
    public enum Cardinality {
        ONE_TO_ONE("one-to-one"),
        MANY_TO_ONE("many-to-one"),
        ONE_TO_MANY("one-to-many"),
        MANY_TO_MANY("many-to-many");

        private final String text;

        Cardinality(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    public VectorMatching {
        labels = List.copyOf(labels);
        include = List.copyOf(include);
    }

    /** The labels that decide whether a series meets others. */
    public Labels signature(Labels series) {
        if (on) {
            return series.keeping(labels);
        }
        List<String> ignored = new ArrayList<>(labels);
        ignored.add(Labels.METRIC_NAME);
        return series.dropping(ignored);
    }

    boolean fills() {
        return fillLeft != null || fillRight != null;
    }

    VectorMatching filling(@Nullable Double left, @Nullable Double right) {
        return new VectorMatching(cardinality, labels, on, include, left, right);
    }

    VectorMatching with(Cardinality value) {
        return new VectorMatching(value, labels, on, include, fillLeft, fillRight);
    }
}
