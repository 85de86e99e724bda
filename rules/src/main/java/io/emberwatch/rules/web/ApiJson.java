package io.emberwatch.rules.web;

import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.model.text.FloatText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values in the JSON of the Prometheus API. */
final class ApiJson {
    private static final String NO_TIME = "0001-01-01T00:00:00Z";
    private static final double SMALLEST_PLAIN = 1e-6;
    private static final double LARGEST_PLAIN = 1e21;

    private ApiJson() {}

    /** Writes the {@code data} of an answer. */
    @FunctionalInterface
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    static void labels(JsonGenerator json, Labels labels) throws IOException {
        json.writeStartObject();
        for (int i = 0; i < labels.size(); i++) {
            json.writeStringField(labels.name(i), labels.value(i));
        }
        json.writeEndObject();
    }

    static void texts(JsonGenerator json, List<String> texts) throws IOException {
        json.writeStartArray();
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    static void texts(JsonGenerator json, Map<String, String> texts) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, String> text : texts.entrySet()) {
            json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
    }

    static String time(@Nullable Instant instant) {
        return instant == null ? NO_TIME : instant.toString();
    }

    static void seconds(JsonGenerator json, String field, Duration duration) throws IOException {
        json.writeFieldName(field);
        json.writeRawValue(FloatText.formatF(duration.toNanos() / 1e9));
    }

    /** Seconds since the epoch, with milliseconds only where there are some. */
    private static String seconds(long millis) {
        String sign = millis < 0 ? "-" : "";
        long whole = Math.abs(millis / 1000);
        long rest = Math.abs(millis % 1000);
        return sign + whole + (rest == 0 ? "" : "." + Long.toString(1000 + rest).substring(1));
    }

    /** The type and the result of a query, as two fields. */
    static void result(JsonGenerator json, QueryValue value) throws IOException {
        json.writeStringField("resultType", value.type());
        json.writeFieldName("result");
        if (value instanceof QueryValue.Vector vector) {
            vector(json, vector.samples());
        } else if (value instanceof QueryValue.Matrix matrix) {
            matrix(json, matrix.series());
        } else if (value instanceof QueryValue.Scalar scalar) {
            point(json, scalar.timestampMillis(), FloatText.formatF(scalar.value()));
        } else if (value instanceof QueryValue.Text text) {
            point(json, text.timestampMillis(), text.value());
        }
    }

    private static void vector(JsonGenerator json, List<Sample> samples) throws IOException {
        json.writeStartArray();
        for (Sample sample : samples) {
            json.writeStartObject();
            json.writeFieldName("metric");
            labels(json, sample.labels());
            json.writeFieldName("value");
            point(json, sample.timestampMillis(), number(sample.value()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void matrix(JsonGenerator json, List<Series> all) throws IOException {
        json.writeStartArray();
        for (Series series : all) {
            json.writeStartObject();
            json.writeFieldName("metric");
            labels(json, series.labels());
            json.writeFieldName("values");
            json.writeStartArray();
            for (int i = 0; i < series.size(); i++) {
                point(json, series.timestampsMillis()[i], number(series.values()[i]));
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void point(JsonGenerator json, long timestampMillis, String text) throws IOException {
        json.writeStartArray();
        json.writeRawValue(seconds(timestampMillis));
        json.writeString(text);
        json.writeEndArray();
    }

    private static String number(double value) {
        double size = Math.abs(value);
        boolean plain = size == 0 || (size >= SMALLEST_PLAIN && size < LARGEST_PLAIN) || !Double.isFinite(value);
        return plain ? FloatText.formatF(value) : FloatText.formatE(value);
    }
}
