package io.emberwatch.push.client;

import io.emberwatch.model.line.FieldValue;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was measured: a name, tags that say of what, one or more fields.
 *
 * @param name what line protocol calls the measurement; not empty
 * @param tags by key
 * @param fields in the order they were given; at least one
 * @param at when it was measured; null for the moment it is sent
 */
public record Metric(
        String name,
        SortedMap<String, String> tags,
        Map<String, FieldValue> fields,
        @Nullable Instant at,
        Verbosity verbosity) {
    /** The field of a metric that has but one. */
    public static final String VALUE = "value";

    public Metric {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a metric must have a name");
        }
        if (fields.isEmpty()) {
            throw new IllegalArgumentException("metric " + name + " has no value");
        }
        Objects.requireNonNull(verbosity, "verbosity");
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public static Builder named(String name) {
        return new Builder(name);
    }

    /** The same with other tags, time and fields. */
    Metric with(SortedMap<String, String> newTags, Map<String, FieldValue> newFields, Instant newAt) {
        return new Metric(name, newTags, newFields, newAt, verbosity);
    }

    /** Puts a metric together. Not safe for several threads. */
    public static final class Builder {
        private final String name;
        private final TreeMap<String, String> tags = new TreeMap<>();
        private final LinkedHashMap<String, FieldValue> fields = new LinkedHashMap<>();
        private @Nullable Instant at;
        private Verbosity verbosity = Verbosity.INFO;

        private Builder(String name) {
            this.name = name;
        }

        /** @throws IllegalArgumentException when the number is not finite: line protocol cannot say it */
        public Builder value(double value) {
            return field(VALUE, value);
        }

        public Builder value(long value) {
            return field(VALUE, value);
        }

        /** @throws IllegalArgumentException when the number is not finite: line protocol cannot say it */
        public Builder field(String key, double value) {
            return field(key, new FieldValue.FloatValue(value));
        }

        public Builder field(String key, long value) {
            return field(key, new FieldValue.IntegerValue(value));
        }

        public Builder field(String key, boolean value) {
            return field(key, new FieldValue.BooleanValue(value));
        }

        public Builder field(String key, String value) {
            return field(key, new FieldValue.StringValue(value));
        }

        public Builder field(String key, FieldValue value) {
            fields.put(key, value);
            return this;
        }

        public Builder tag(String key, String value) {
            tags.put(key, value);
            return this;
        }

        public Builder at(Instant when) {
            at = when;
            return this;
        }

        /** {@link Verbosity#INFO} unless said. */
        public Builder verbosity(Verbosity value) {
            verbosity = value;
            return this;
        }

        /** @throws IllegalArgumentException when the name is empty or there is no field */
        public Metric build() {
            return new Metric(name, tags, fields, at, verbosity);
        }
    }
}
