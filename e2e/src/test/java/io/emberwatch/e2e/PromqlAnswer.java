package io.emberwatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.model.text.FloatText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What an engine answered, in a form that two engines can be compared in.
 *
 * @param error why there is no result, or empty
 * @param samples by labels, then by time; samples without labels are scalars
 */
record PromqlAnswer(String error, Map<Labels, Map<Long, Double>> samples) {
    /** How much values may differ: sums in another order, other implementations of logarithms. */
    private static final double RELATIVE = 1e-9;

    private static final double ABSOLUTE = 1e-9;

    static PromqlAnswer failed(QueryException e) {
        return new PromqlAnswer(String.valueOf(e.getMessage()), Map.of());
    }

    static PromqlAnswer of(QueryValue value) {
        Map<Labels, Map<Long, Double>> samples = new LinkedHashMap<>();
        if (value instanceof QueryValue.Vector vector) {
            for (Sample sample : vector.samples()) {
                put(samples, sample.labels(), sample.timestampMillis(), sample.value());
            }
        } else if (value instanceof QueryValue.Scalar scalar) {
            put(samples, Labels.EMPTY, scalar.timestampMillis(), scalar.value());
        } else if (value instanceof QueryValue.Matrix matrix) {
            for (Series series : matrix.series()) {
                for (int i = 0; i < series.size(); i++) {
                    put(samples, series.labels(), series.timestampsMillis()[i], series.values()[i]);
                }
            }
        }
        return new PromqlAnswer("", samples);
    }

    private static void put(Map<Labels, Map<Long, Double>> samples, Labels labels, long time, double value) {
        Double before = samples.computeIfAbsent(labels, l -> new TreeMap<>()).put(time, value);
        if (before != null) {
            throw new AssertionError(labels + " is there twice at " + time);
        }
    }

    static PromqlAnswer of(JsonNode answer) {
        if (!answer.path("status").asText().equals("success")) {
            return new PromqlAnswer(answer.path("error").asText("?"), Map.of());
        }
        Map<Labels, Map<Long, Double>> samples = new LinkedHashMap<>();
        JsonNode result = answer.path("data").path("result");
        if (answer.path("data").path("resultType").asText().equals("scalar")) {
            point(samples, Labels.EMPTY, result);
            return new PromqlAnswer("", samples);
        }
        for (JsonNode series : result) {
            Labels.Builder labels = Labels.builder();
            series.path("metric")
                    .properties()
                    .forEach(
                            label -> labels.set(label.getKey(), label.getValue().asText()));
            Labels built = labels.build();
            if (series.has("value")) {
                point(samples, built, series.path("value"));
            }
            series.path("values").forEach(value -> point(samples, built, value));
        }
        return new PromqlAnswer("", samples);
    }

    private static void point(Map<Labels, Map<Long, Double>> samples, Labels labels, JsonNode point) {
        put(
                samples,
                labels,
                Math.round(point.get(0).asDouble() * 1000),
                FloatText.parse(point.get(1).asText()));
    }

    /** An error without its place, which spelling moves, and without the series that it names, of which any two will do. */
    private static String kind(String error) {
        return error.replaceFirst("^invalid parameter \"query\": ", "")
                .replaceFirst("^\\d+:\\d+: ", "")
                .replaceAll("\\{[^}]*}", "{}")
                .replaceAll("\\[.*]", "[]");
    }

    /** Whether the values come in the same order, but for those that only their last digits tell apart. */
    boolean sameOrder(PromqlAnswer other) {
        List<Double> ours = values(samples);
        List<Double> theirs = values(other.samples);
        return ours.size() == theirs.size()
                && IntStream.range(0, ours.size()).allMatch(i -> isSame(ours.get(i), theirs.get(i)));
    }

    private static List<Double> values(Map<Labels, Map<Long, Double>> samples) {
        List<Double> values = new ArrayList<>();
        samples.values().forEach(points -> values.addAll(points.values()));
        return values;
    }

    /** The first difference, or empty. */
    String difference(PromqlAnswer other) {
        if (error.isEmpty() != other.error.isEmpty()) {
            return "error \"" + error + "\" against \"" + other.error + "\"";
        }
        if (!kind(error).equals(kind(other.error))) {
            return "error \"" + error + "\" against error \"" + other.error + "\"";
        }
        for (Map.Entry<Labels, Map<Long, Double>> one : samples.entrySet()) {
            Map<Long, Double> theirs = other.samples.getOrDefault(one.getKey(), Map.of());
            for (Map.Entry<Long, Double> sample : one.getValue().entrySet()) {
                Double their = theirs.get(sample.getKey());
                if (their == null || !isSame(sample.getValue(), their)) {
                    return one.getKey() + " at " + sample.getKey() + ": " + sample.getValue() + " against " + their;
                }
            }
        }
        for (Map.Entry<Labels, Map<Long, Double>> one : other.samples.entrySet()) {
            Map<Long, Double> ours = samples.getOrDefault(one.getKey(), Map.of());
            for (Map.Entry<Long, Double> sample : one.getValue().entrySet()) {
                if (!ours.containsKey(sample.getKey())) {
                    return one.getKey() + " at " + sample.getKey() + ": nothing against " + sample.getValue();
                }
            }
        }
        return "";
    }

    private static boolean isSame(double a, double b) {
        if (Double.isNaN(a) || Double.isNaN(b) || Double.isInfinite(a) || Double.isInfinite(b)) {
            return Double.compare(a, b) == 0;
        }
        return Math.abs(a - b) <= ABSOLUTE + RELATIVE * Math.max(Math.abs(a), Math.abs(b));
    }
}
