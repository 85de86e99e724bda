package io.emberwatch.rules.conformance;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.Staleness;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.rules.query.SeriesNotation;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares a result with what was expected; numbers may differ by a relative 1e-6. */
final class Comparison {
    private static final double EPSILON = 1e-6;

    private final Expected expected;

    Comparison(Expected expected) {
        this.expected = expected;
    }

    /** What is wrong with a value, or null. */
    @Nullable
    String fault(QueryValue value, Times times) {
        if (value instanceof QueryValue.Text text) {
            return text.value().equals(expected.text())
                    ? null
                    : "expected string \"" + expected.text() + "\", got \"" + text.value() + "\"";
        }
        if (value instanceof QueryValue.Scalar scalar) {
            return scalarFault(scalar.value());
        }
        if (expected.scalar() != null) {
            return "expected scalar " + expected.scalar() + ", got a " + value.type();
        }
        if (value instanceof QueryValue.Vector vector) {
            return vectorFault(vector.samples());
        }
        return matrixFault(((QueryValue.Matrix) value).series(), times);
    }

    private @Nullable String scalarFault(double actual) {
        if (expected.scalar() == null) {
            return "expected a vector, got scalar " + actual;
        }
        return almostEqual(expected.scalar(), actual)
                ? null
                : "expected scalar " + expected.scalar() + ", got " + actual;
    }

    @Nullable
    String vectorFault(List<Sample> samples) {
        Set<Labels> seen = new HashSet<>();
        List<Labels> order = List.copyOf(expected.rows().keySet());
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            SeriesNotation.Row row = expected.rows().get(sample.labels());
            if (row == null) {
                return "unexpected " + sample.labels() + " " + sample.value();
            }
            if (!seen.add(sample.labels())) {
                return sample.labels() + " twice";
            }
            if (expected.expects(Expected.Outcome.ORDERED) && order.indexOf(sample.labels()) != i) {
                return "expected " + sample.labels() + " at position " + (order.indexOf(sample.labels()) + 1)
                        + ", was at " + (i + 1);
            }
            if (row.values().length == 0 || !almostEqual(row.values()[0], sample.value())) {
                return "expected " + (row.values().length == 0 ? "nothing" : String.valueOf(row.values()[0])) + " for "
                        + sample.labels() + ", got " + sample.value();
            }
        }
        return missing(seen);
    }

    private @Nullable String missing(Set<Labels> seen) {
        for (Map.Entry<Labels, SeriesNotation.Row> row : expected.rows().entrySet()) {
            if (!seen.contains(row.getKey())) {
                return "expected " + row.getKey() + " not found";
            }
        }
        return null;
    }

    private @Nullable String matrixFault(List<Series> series, Times times) {
        if (expected.expects(Expected.Outcome.ORDERED)) {
            return "expected an ordered vector, got a matrix";
        }
        Set<Labels> seen = new HashSet<>();
        Series before = null;
        for (Series actual : series) {
            if (before != null && before.labels().compareTo(actual.labels()) >= 0) {
                return actual.labels() + " comes after " + before.labels();
            }
            before = actual;
            SeriesNotation.Row row = expected.rows().get(actual.labels());
            if (row == null) {
                return "unexpected " + describe(actual);
            }
            seen.add(actual.labels());
            String fault = seriesFault(row.toSeries(times.startMillis(), times.stepMillis()), actual);
            if (fault != null) {
                return fault;
            }
        }
        return missing(seen);
    }

    private static @Nullable String seriesFault(Series wanted, Series actual) {
        if (wanted.size() != actual.size()) {
            return "expected " + wanted.size() + " points of " + describe(actual);
        }
        for (int i = 0; i < wanted.size(); i++) {
            if (wanted.timestampsMillis()[i] != actual.timestampsMillis()[i]
                    || !almostEqual(wanted.values()[i], actual.values()[i])) {
                return "expected " + wanted.values()[i] + " @" + wanted.timestampsMillis()[i] + " in "
                        + describe(actual);
            }
        }
        return null;
    }

    private static String describe(Series series) {
        StringBuilder text = new StringBuilder(series.labels().toString());
        for (int i = 0; i < series.size(); i++) {
            text.append(' ').append(series.values()[i]).append("@").append(series.timestampsMillis()[i]);
        }
        return text.toString();
    }

    static boolean almostEqual(double a, double b) {
        if (Staleness.isStale(a) || Staleness.isStale(b)) {
            return Staleness.isStale(a) && Staleness.isStale(b);
        }
        if ((Double.isNaN(a) && Double.isNaN(b)) || a == b) {
            return true;
        }
        double sum = Math.abs(a) + Math.abs(b);
        double difference = Math.abs(a - b);
        if (a == 0 || b == 0 || sum < Double.MIN_NORMAL) {
            return difference < EPSILON * Double.MIN_NORMAL;
        }
        return difference / Math.min(sum, Double.MAX_VALUE) < EPSILON;
    }
}
