package io.emberwatch.model.line;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A line, taken apart and unescaped.
 *
 * @param tags in the order of the line
 * @param fields at least one, in the order of the line
 * @param timestampNanos nanoseconds since the Unix epoch; null when the line leaves the time to the receiver
 */
public record LinePoint(
        String measurement,
        List<Tag> tags,
        List<Field> fields,
        @Nullable Long timestampNanos) {
    public record Tag(String key, String value) {}

    public record Field(String key, FieldValue value) {}

    public LinePoint {
        Objects.requireNonNull(measurement, "measurement");
        tags = List.copyOf(tags);
        fields = List.copyOf(fields);
        if (fields.isEmpty()) {
            throw new IllegalArgumentException(measurement + ": a point has at least one field");
        }
    }
}
