package io.emberwatch.launcher;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.model.text.FloatText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Shows a query's value on a terminal. */
final class ResultPrinter {
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private ResultPrinter() {}

    static void print(QueryValue value, QueryCommand.Format format, PrintWriter out) {
        switch (format) {
            case JSON -> out.println(json(value));
            case SPARK -> spark(value, out);
            case TABLE -> table(value, out);
        }
        out.flush();
    }

    private static void table(QueryValue value, PrintWriter out) {
        if (value instanceof QueryValue.Scalar scalar) {
            out.println(FloatText.formatF(scalar.value()));
        } else if (value instanceof QueryValue.Text text) {
            out.println(text.value());
        } else if (value instanceof QueryValue.Vector vector) {
            if (vector.samples().isEmpty()) {
                out.println("no series");
            }
            int width = vector.samples().stream()
                    .mapToInt(sample -> sample.labels().toString().length())
                    .max()
                    .orElse(0);
            for (Sample sample : vector.samples()) {
                out.printf("%-" + width + "s  %s%n", sample.labels(), FloatText.formatF(sample.value()));
            }
        } else if (value instanceof QueryValue.Matrix matrix) {
            if (matrix.series().isEmpty()) {
                out.println("no series");
            }
            for (Series series : matrix.series()) {
                out.println(series.labels());
                for (int i = 0; i < series.size(); i++) {
                    out.printf(
                            "  %s  %s%n",
                            Instant.ofEpochMilli(series.timestampsMillis()[i]), FloatText.formatF(series.values()[i]));
                }
            }
        }
    }

    private static void spark(QueryValue value, PrintWriter out) {
        if (!(value instanceof QueryValue.Matrix matrix) || matrix.series().isEmpty()) {
            table(value, out);
            return;
        }
        for (Series series : matrix.series()) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (double v : series.values()) {
                if (Double.isFinite(v)) {
                    low = Math.min(low, v);
                    high = Math.max(high, v);
                }
            }
            StringBuilder line = new StringBuilder();
            for (double v : series.values()) {
                line.append(bar(v, low, high));
            }
            double last = series.values()[series.size() - 1];
            out.printf("%s  %.4g … %.4g, last %.4g  %s%n", line, low, high, last, series.labels());
        }
    }

    private static char bar(double value, double low, double high) {
        if (!Double.isFinite(value)) {
            return ' ';
        }
        double share = high > low ? (value - low) / (high - low) : 0.5;
        return BARS.charAt((int) Math.min(BARS.length() - 1, share * BARS.length()));
    }

    // The data part of the Prometheus HTTP API's answer.
    private static String json(QueryValue value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("resultType", value.type());
            json.writeFieldName("result");
            if (value instanceof QueryValue.Scalar scalar) {
                point(json, scalar.timestampMillis(), FloatText.formatF(scalar.value()));
            } else if (value instanceof QueryValue.Text string) {
                point(json, string.timestampMillis(), string.value());
            } else if (value instanceof QueryValue.Vector vector) {
                vector(json, vector.samples());
            } else if (value instanceof QueryValue.Matrix matrix) {
                matrix(json, matrix.series());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void vector(JsonGenerator json, List<Sample> samples) throws IOException {
        json.writeStartArray();
        for (Sample sample : samples) {
            json.writeStartObject();
            metric(json, sample.labels());
            json.writeFieldName("value");
            point(json, sample.timestampMillis(), FloatText.formatF(sample.value()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void matrix(JsonGenerator json, List<Series> all) throws IOException {
        json.writeStartArray();
        for (Series series : all) {
            json.writeStartObject();
            metric(json, series.labels());
            json.writeArrayFieldStart("values");
            for (int i = 0; i < series.size(); i++) {
                point(json, series.timestampsMillis()[i], FloatText.formatF(series.values()[i]));
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void metric(JsonGenerator json, Labels labels) throws IOException {
        json.writeObjectFieldStart("metric");
        for (Map.Entry<String, String> label : labels.toMap().entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
    }

    private static void point(JsonGenerator json, long timestampMillis, String value) throws IOException {
        json.writeStartArray();
        json.writeNumber(timestampMillis / 1000.0);
        json.writeString(value);
        json.writeEndArray();
    }
}
