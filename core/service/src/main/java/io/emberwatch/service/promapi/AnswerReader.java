package io.emberwatch.service.promapi;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryException.Kind;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.model.text.FloatText;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads one answer of the query API as it streams in. */
final class AnswerReader {
    private final JsonParser json;
    private final List<String> warnings = new ArrayList<>();
    private String status = "";
    private String errorType = "";
    private String error = "";
    private String resultType = "";
    private @Nullable QueryValue value;
    private int leftOut;

    /** JSON, but not that of the API. */
    static final class ShapeException extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;

        ShapeException(String message) {
            super(message);
        }
    }

    AnswerReader(JsonParser json) {
        this.json = json;
    }

    QueryResult read() throws IOException, QueryException {
        expect(json.nextToken(), JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "status" -> status = json.getText();
                case "errorType" -> errorType = json.getText();
                case "error" -> error = json.getText();
                case "warnings", "infos" -> texts(warnings);
                case "data" -> data();
                default -> json.skipChildren();
            }
        }
        if (!status.equals("success")) {
            throw new QueryException(kind(errorType), error.isEmpty() ? "the API answered " + status : error);
        }
        if (value == null) {
            throw new ShapeException("there is no result in it");
        }
        if (leftOut > 0) {
            warnings.add(leftOut + " native histograms are left out of the answer: they cannot be read");
        }
        return new QueryResult(value, warnings);
    }

    private static Kind kind(String errorType) {
        return switch (errorType.toLowerCase(Locale.ROOT)) {
            case "bad_data" -> Kind.BAD_DATA;
            case "timeout" -> Kind.TIMEOUT;
            case "canceled" -> Kind.CANCELED;
            case "unavailable" -> Kind.UNAVAILABLE;
            case "internal" -> Kind.INTERNAL;
            default -> Kind.EXECUTION;
        };
    }

    private void texts(List<String> into) throws IOException {
        if (json.currentToken() == JsonToken.START_ARRAY) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                into.add(json.getText());
            }
        }
    }

    private void data() throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "resultType" -> resultType = json.getText();
                case "result" -> value = result();
                default -> json.skipChildren();
            }
        }
    }

    private QueryValue result() throws IOException {
        return switch (resultType) {
            case "vector" -> isEmpty() ? new QueryValue.Vector(List.of()) : vector();
            case "matrix" -> isEmpty() ? new QueryValue.Matrix(List.of()) : matrix();
            case "scalar" -> {
                Point point = point();
                yield new QueryValue.Scalar(point.timestampMillis(), number(point.text()));
            }
            case "string" -> {
                Point point = point();
                yield new QueryValue.Text(point.timestampMillis(), point.text());
            }
            default -> throw new ShapeException("unknown result type " + resultType);
        };
    }

    // An empty result is null where the server's language writes empty lists so.
    private boolean isEmpty() throws ShapeException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return true;
        }
        expect(json.currentToken(), JsonToken.START_ARRAY);
        return false;
    }

    private record Point(long timestampMillis, String text) {}

    // [ <seconds>, "<value>" ]
    private Point point() throws IOException {
        expect(json.currentToken(), JsonToken.START_ARRAY);
        json.nextToken();
        long timestampMillis = Math.round(json.getDoubleValue() * 1000);
        expect(json.nextToken(), JsonToken.VALUE_STRING);
        String text = json.getText();
        expect(json.nextToken(), JsonToken.END_ARRAY);
        return new Point(timestampMillis, text);
    }

    private static double number(String text) throws ShapeException {
        try {
            return FloatText.parse(text);
        } catch (NumberFormatException e) {
            throw new ShapeException("a value that is no number");
        }
    }

    private QueryValue.Vector vector() throws IOException {
        List<Sample> samples = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            Labels labels = Labels.EMPTY;
            Point point = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                if (field.equals("metric")) {
                    labels = labels();
                } else if (field.equals("value")) {
                    point = point();
                } else {
                    skip(field);
                }
            }
            if (point != null) {
                samples.add(new Sample(labels, point.timestampMillis(), number(point.text())));
            }
        }
        expect(json.currentToken(), JsonToken.END_ARRAY);
        return new QueryValue.Vector(samples);
    }

    private QueryValue.Matrix matrix() throws IOException {
        List<Series> all = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            Labels labels = Labels.EMPTY;
            long[] timestamps = new long[64];
            double[] values = new double[64];
            int length = 0;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                if (field.equals("metric")) {
                    labels = labels();
                } else if (field.equals("values")) {
                    while (json.nextToken() == JsonToken.START_ARRAY) {
                        if (length == values.length) {
                            timestamps = Arrays.copyOf(timestamps, 2 * length);
                            values = Arrays.copyOf(values, 2 * length);
                        }
                        Point point = point();
                        timestamps[length] = point.timestampMillis();
                        values[length++] = number(point.text());
                    }
                } else {
                    skip(field);
                }
            }
            all.add(new Series(labels, Arrays.copyOf(timestamps, length), Arrays.copyOf(values, length)));
        }
        expect(json.currentToken(), JsonToken.END_ARRAY);
        return new QueryValue.Matrix(all);
    }

    private void skip(String field) throws IOException {
        if (field.equals("histogram") || field.equals("histograms")) {
            leftOut++;
        }
        json.skipChildren();
    }

    private Labels labels() throws IOException {
        Labels.Builder labels = Labels.builder();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (name.isEmpty()) {
                throw new ShapeException("a label without a name");
            }
            labels.set(name, json.getText());
        }
        return labels.build();
    }

    private static void expect(@Nullable JsonToken found, JsonToken expected) throws ShapeException {
        if (found != expected) {
            throw new ShapeException("unexpected " + found + " in the answer");
        }
    }
}
