package io.emberwatch.rules.ruletest;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.query.SeriesNotation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One entry of {@code tests}: series, and what rules and expressions make of them.
 *
 * @param name may be empty
 * @param interval between the values of the series
 * @param start the time of the first value
 */
record TestGroup(
        String name,
        Duration interval,
        Instant start,
        List<SeriesNotation.Row> series,
        List<AlertCase> alertCases,
        List<ExpressionCase> expressionCases,
        Labels externalLabels,
        String externalUrl) {
    TestGroup {
        series = List.copyOf(series);
        alertCases = List.copyOf(alertCases);
        expressionCases = List.copyOf(expressionCases);
    }

    /** What alerts of one name must fire at one time, counted from the start. */
    record AlertCase(Duration at, String alert, List<ExpectedAlert> expected) {
        AlertCase {
            expected = List.copyOf(expected);
        }
    }

    /** An alert with all its labels, {@code alertname} included. */
    record ExpectedAlert(Labels labels, Labels annotations) {
        /** As promtool prints it. */
        @Override
        public String toString() {
            return "Labels:" + TestText.labels(labels) + "\nAnnotations:" + TestText.labels(annotations);
        }
    }

    /**
     * What an expression must give at one time, counted from the start.
     *
     * @param histograms whether native histograms are expected
     */
    record ExpressionCase(String expression, Duration at, List<ExpectedSample> expected, boolean histograms) {
        ExpressionCase {
            expected = List.copyOf(expected);
        }
    }

    record ExpectedSample(Labels labels, double value) {
        @Override
        public String toString() {
            return TestText.labels(labels) + " " + TestText.value(value);
        }
    }

    /** The latest time that anything is expected at. */
    Duration end() {
        Duration end = Duration.ZERO;
        for (AlertCase alertCase : alertCases) {
            end = end.compareTo(alertCase.at()) < 0 ? alertCase.at() : end;
        }
        for (ExpressionCase expressionCase : expressionCases) {
            end = end.compareTo(expressionCase.at()) < 0 ? expressionCase.at() : end;
        }
        return end;
    }
}
