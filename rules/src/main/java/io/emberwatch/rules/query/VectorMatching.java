package io.emberwatch.rules.query;

import java.util.List;

/**
 * How the series of two vectors find each other: {@code on (a, b) group_left (c)}.
 *
 * @param labels the labels of {@code on} or {@code ignoring}
 * @param on whether the labels are those compared, rather than those left out
 * @param include the labels of {@code group_left} or {@code group_right}
 */
public record VectorMatching(Cardinality cardinality, List<String> labels, boolean on, List<String> include) {
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
}
