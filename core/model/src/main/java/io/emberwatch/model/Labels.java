package io.emberwatch.model;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of label names and values, sorted by name in UTF-8 byte order.
 *
 * <p>As in the Prometheus data model, a label with an empty value is the same as no label: it is never stored. Names are
 * not checked for syntax here; {@link MetricNames} does that where text comes in.
 */
public final class Labels implements Comparable<Labels> {
    /** The label that carries the metric name of a stored series. */
    public static final String METRIC_NAME = "__name__";

    public static final Labels EMPTY = new Labels(new String[0]);

    private final String[] pairs;
    private int hash;

    private Labels(String[] pairs) {
        this.pairs = pairs;
    }

    /**
     * Labels from alternating names and values.
     *
     * @throws IllegalArgumentException when the count is odd or a name occurs twice
     */
    public static Labels of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(namesAndValues.length + ": label names and values must come in pairs");
        }
        Builder builder = new Builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    public static Labels of(Map<String, String> labels) {
        Builder builder = new Builder();
        labels.forEach(builder::add);
        return builder.build();
    }

    /**
     * Labels straight from an array of name, value, name, value … that the caller gives away.
     *
     * <p>The caller guarantees: names strictly ascending in UTF-8 order, no empty value, the array never changed again.
     */
    public static Labels ofSortedUnchecked(String[] pairs) {
        return pairs.length == 0 ? EMPTY : new Labels(pairs);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these labels. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        for (int i = 0; i < pairs.length; i += 2) {
            builder.set(pairs[i], pairs[i + 1]);
        }
        return builder;
    }

    public int size() {
        return pairs.length / 2;
    }

    public boolean isEmpty() {
        return pairs.length == 0;
    }

    /** The name at {@code index} in sorted order, {@code 0 <= index < size()}. */
    public String name(int index) {
        return pairs[2 * index];
    }

    /** The value at {@code index} in sorted order, {@code 0 <= index < size()}. */
    public String value(int index) {
        return pairs[2 * index + 1];
    }

    /** The value of a label, or the empty string when there is none. */
    public String get(String name) {
        String value = find(name);
        return value == null ? "" : value;
    }

    public boolean has(String name) {
        return find(name) != null;
    }

    /** The value of {@code __name__}, or the empty string. */
    public String metricName() {
        return get(METRIC_NAME);
    }

    private @Nullable String find(String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(name)) {
                return pairs[i + 1];
            }
        }
        return null;
    }

    /** These labels with one set (or removed, when {@code value} is empty). */
    public Labels with(String name, String value) {
        if (get(name).equals(value)) {
            return this;
        }
        return toBuilder().set(name, value).build();
    }

    /** These labels without the named one. */
    public Labels without(String name) {
        return with(name, "");
    }

    /** These labels without {@code __name__}. */
    public Labels withoutName() {
        return without(METRIC_NAME);
    }

    /** Only the labels whose names are in {@code names}. */
    public Labels keeping(Collection<String> names) {
        return filtered(names, true);
    }

    /** Only the labels whose names are not in {@code names}. */
    public Labels dropping(Collection<String> names) {
        return filtered(names, false);
    }

    private Labels filtered(Collection<String> names, boolean keep) {
        Collection<String> wanted = names.size() > 4 && !(names instanceof Set) ? Set.copyOf(names) : names;
        String[] kept = new String[pairs.length];
        int length = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            if (wanted.contains(pairs[i]) == keep) {
                kept[length++] = pairs[i];
                kept[length++] = pairs[i + 1];
            }
        }
        return length == pairs.length ? this : ofSortedUnchecked(Arrays.copyOf(kept, length));
    }

    /** The labels as a map in sorted order, freshly made. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    /** Orders as Prometheus does: label by label, name before value, a prefix before the longer set. */
    @Override
    public int compareTo(Labels other) {
        int length = Math.min(pairs.length, other.pairs.length);
        for (int i = 0; i < length; i++) {
            int order = Utf8Order.compareUtf8(pairs[i], other.pairs[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(pairs.length, other.pairs.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Labels labels
                        && hashCode() == labels.hashCode()
                        && Arrays.equals(pairs, labels.pairs));
    }

    @Override
    public int hashCode() {
        int result = hash;
        if (result == 0) {
            result = Arrays.hashCode(pairs);
            hash = result;
        }
        return result;
    }

    /** The labels in selector notation: {@code name{a="b", c="d"}}, as Prometheus prints a series. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(metricName());
        String separator = "";
        boolean braces = text.length() == 0;
        StringBuilder inner = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(METRIC_NAME)) {
                continue;
            }
            braces = true;
            inner.append(separator).append(pairs[i]).append("=\"");
            escape(pairs[i + 1], inner);
            inner.append('"');
            separator = ", ";
        }
        return braces ? text.append('{').append(inner).append('}').toString() : text.toString();
    }

    private static void escape(String value, StringBuilder out) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '"' -> out.append("\\\"");
                case '\n' -> out.append("\\n");
                default -> out.append(c);
            }
        }
    }

    /** Collects labels in any order. Not safe for several threads. */
    public static final class Builder {
        private final TreeMap<String, String> labels = new TreeMap<>(Utf8Order.INSTANCE);

        private Builder() {}

        /** Sets a label, replacing any value it had; an empty value removes it. */
        public Builder set(String name, String value) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("a label name must not be empty");
            }
            if (value.isEmpty()) {
                labels.remove(name);
            } else {
                labels.put(name, value);
            }
            return this;
        }

        /**
         * Adds a label that is not there yet.
         *
         * @throws IllegalArgumentException when the name has a value already
         */
        public Builder add(String name, String value) {
            if (labels.containsKey(name)) {
                throw new IllegalArgumentException(name + ": label name occurs twice");
            }
            return set(name, value);
        }

        public Builder remove(String name) {
            labels.remove(name);
            return this;
        }

        /** The value set so far, or the empty string. */
        public String get(String name) {
            return labels.getOrDefault(name, "");
        }

        public Labels build() {
            String[] pairs = new String[labels.size() * 2];
            int i = 0;
            for (Map.Entry<String, String> label : labels.entrySet()) {
                pairs[i++] = label.getKey();
                pairs[i++] = label.getValue();
            }
            return ofSortedUnchecked(pairs);
        }
    }
}
