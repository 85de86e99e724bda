package io.emberwatch.exporter.telegraf;

import io.emberwatch.model.line.FieldValue;
import io.emberwatch.model.line.FieldValue.FloatValue;
import io.emberwatch.model.line.FieldValue.IntegerValue;
import io.emberwatch.model.line.FieldValue.StringValue;
import io.emberwatch.model.line.LinePoint;
import io.emberwatch.model.line.LinePoint.Field;
import io.emberwatch.model.line.LinePoint.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The fields of one measurement, as they are found; what is not known is left out. */
final class Fields {
    private final String measurement;
    private final Map<String, String> tags = new TreeMap<>();
    private final List<Field> fields = new ArrayList<>();

    Fields(String measurement) {
        this.measurement = measurement;
    }

    /** An empty value is no tag. */
    Fields tag(String key, String value) {
        if (!value.isEmpty()) {
            tags.put(key, value);
        }
        return this;
    }

    /** @param value what is whole in Telegraf; NaN leaves it out */
    Fields whole(String key, double value) {
        if (Double.isFinite(value)) {
            add(key, new IntegerValue((long) value));
        }
        return this;
    }

    /** @param value what is a fraction in Telegraf; NaN leaves it out */
    Fields fraction(String key, double value) {
        if (Double.isFinite(value)) {
            add(key, new FloatValue(value));
        }
        return this;
    }

    Fields text(String key, String value) {
        add(key, new StringValue(value));
        return this;
    }

    private void add(String key, FieldValue value) {
        fields.add(new Field(key, value));
    }

    /** Adds a point, unless nothing is known. */
    void addTo(List<LinePoint> points) {
        if (!fields.isEmpty()) {
            List<Tag> sorted = tags.entrySet().stream()
                    .map(tag -> new Tag(tag.getKey(), tag.getValue()))
                    .toList();
            points.add(new LinePoint(measurement, sorted, fields, null));
        }
    }
}
