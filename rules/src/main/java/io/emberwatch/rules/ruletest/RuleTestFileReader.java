package io.emberwatch.rules.ruletest;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.text.Durations;
import io.emberwatch.model.text.FloatText;
import io.emberwatch.rules.engine.YamlFields;
import io.emberwatch.rules.engine.YamlFields.Mismatch;
import io.emberwatch.rules.query.SeriesNotation;
import io.emberwatch.rules.query.SyntaxException;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.YamlNode;
import java.io.Serial;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads files of unit tests; the first fault ends the reading. */
final class RuleTestFileReader {
    private static final Set<String> FILE_FIELDS =
            Set.of("rule_files", "evaluation_interval", "group_eval_order", "fuzzy_compare", "tests");
    private static final Set<String> GROUP_FIELDS = Set.of(
            "name",
            "interval",
            "input_series",
            "alert_rule_test",
            "promql_expr_test",
            "external_labels",
            "external_url",
            "start_timestamp");

    /** A file that cannot be used. */
    static final class Fault extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        Fault(String message) {
            super(message);
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    private RuleTestFileReader() {}

    static RuleTestFile read(String file, String yaml) throws Fault {
        try {
            return file(YamlNode.parse(file, yaml));
        } catch (ConfigException e) {
            throw new Fault(String.valueOf(e.getMessage()));
        } catch (Mismatch e) {
            throw new Fault(file + ":" + e.node().line() + ":" + e.node().column() + ": " + e.text());
        }
    }

    private static RuleTestFile file(YamlNode root) throws Mismatch {
        Map<String, YamlNode.Entry> fields = fields(root, FILE_FIELDS, "a test file");
        Duration interval = duration(fields.get("evaluation_interval"), Duration.ofMinutes(1));
        List<String> order = texts(fields.get("group_eval_order"));
        if (new HashSet<>(order).size() < order.size()) {
            throw new Mismatch(root, "group name repeated in evaluation order: " + order);
        }
        List<TestGroup> tests = new ArrayList<>();
        for (YamlNode node : items(fields.get("tests"))) {
            tests.add(group(node, interval));
        }
        boolean fuzzy = text(fields.get("fuzzy_compare")).equals("true");
        return new RuleTestFile(texts(fields.get("rule_files")), interval, order, fuzzy, tests);
    }

    private static Map<String, YamlNode.Entry> fields(YamlNode node, Set<String> known, String where) throws Mismatch {
        Map<String, YamlNode.Entry> fields = YamlFields.mapping(node);
        for (Map.Entry<String, YamlNode.Entry> field : fields.entrySet()) {
            if (!known.contains(field.getKey())) {
                throw new Mismatch(
                        field.getValue().value(),
                        "field " + field.getKey() + " not found in " + where + ", which has "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        }
        return fields;
    }

    private static List<YamlNode> items(YamlNode.@Nullable Entry field) throws Mismatch {
        return field == null ? List.of() : YamlFields.sequence(field.value());
    }

    private static List<String> texts(YamlNode.@Nullable Entry field) throws Mismatch {
        List<String> texts = new ArrayList<>();
        for (YamlNode item : items(field)) {
            texts.add(YamlFields.scalar(item));
        }
        return texts;
    }

    private static String text(YamlNode.@Nullable Entry field) throws Mismatch {
        return field == null ? "" : YamlFields.scalar(field.value());
    }

    private static Duration duration(YamlNode.@Nullable Entry field, Duration fallback) throws Mismatch {
        String text = text(field);
        if (field == null || text.isEmpty()) {
            return fallback;
        }
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Mismatch(field.value(), String.valueOf(e.getMessage()));
        }
    }

    private static TestGroup group(YamlNode node, Duration evaluationInterval) throws Mismatch {
        Map<String, YamlNode.Entry> fields = fields(node, GROUP_FIELDS, "a test");
        Duration interval = duration(fields.get("interval"), evaluationInterval);
        List<SeriesNotation.Row> series = new ArrayList<>();
        for (YamlNode item : items(fields.get("input_series"))) {
            series.add(series(item));
        }
        List<TestGroup.AlertCase> alertCases = new ArrayList<>();
        String name = text(fields.get("name"));
        for (YamlNode item : items(fields.get("alert_rule_test"))) {
            alertCases.add(alertCase(item, name));
        }
        List<TestGroup.ExpressionCase> expressionCases = new ArrayList<>();
        for (YamlNode item : items(fields.get("promql_expr_test"))) {
            expressionCases.add(expressionCase(item));
        }
        return new TestGroup(
                name,
                interval.isZero() ? evaluationInterval : interval,
                start(fields.get("start_timestamp")),
                series,
                alertCases,
                expressionCases,
                labels(fields.get("external_labels")),
                text(fields.get("external_url")));
    }

    private static Instant start(YamlNode.@Nullable Entry field) throws Mismatch {
        String text = text(field);
        if (field == null || text.isEmpty()) {
            return Instant.EPOCH;
        }
        try {
            if (text.matches("[+-]?[0-9.]+([eE][+-]?[0-9]+)?")) {
                return Instant.ofEpochMilli(Math.round(FloatText.parse(text) * 1000));
            }
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException | NumberFormatException e) {
            throw new Mismatch(
                    field.value(), "start_timestamp: expected RFC 3339 or seconds since 1970, found \"" + text + "\"");
        }
    }

    private static Labels labels(YamlNode.@Nullable Entry field) throws Mismatch {
        return field == null ? Labels.EMPTY : Labels.of(YamlFields.texts(field.value()));
    }

    private static SeriesNotation.Row series(YamlNode node) throws Mismatch {
        Map<String, YamlNode.Entry> fields = fields(node, Set.of("series", "values"), "a series");
        try {
            return SeriesNotation.parse(text(fields.get("series")) + " " + text(fields.get("values")));
        } catch (SyntaxException e) {
            throw new Mismatch(node, String.valueOf(e.getMessage()));
        }
    }

    private static TestGroup.AlertCase alertCase(YamlNode node, String group) throws Mismatch {
        Map<String, YamlNode.Entry> fields =
                fields(node, Set.of("eval_time", "alertname", "exp_alerts"), "an alert_rule_test");
        Duration at = duration(fields.get("eval_time"), Duration.ZERO);
        String alert = text(fields.get("alertname"));
        if (alert.isEmpty()) {
            throw new Mismatch(
                    node,
                    "an item under alert_rule_test misses required attribute alertname at eval_time "
                            + Durations.format(at) + (group.isEmpty() ? "" : " (in TestGroup " + group + ")"));
        }
        List<TestGroup.ExpectedAlert> expected = new ArrayList<>();
        for (YamlNode item : items(fields.get("exp_alerts"))) {
            Map<String, YamlNode.Entry> alertFields =
                    fields(item, Set.of("exp_labels", "exp_annotations"), "an expected alert");
            expected.add(new TestGroup.ExpectedAlert(
                    labels(alertFields.get("exp_labels")).with(Alert.ALERT_NAME, alert),
                    labels(alertFields.get("exp_annotations"))));
        }
        return new TestGroup.AlertCase(at, alert, expected);
    }

    private static TestGroup.ExpressionCase expressionCase(YamlNode node) throws Mismatch {
        Map<String, YamlNode.Entry> fields =
                fields(node, Set.of("expr", "eval_time", "exp_samples"), "a promql_expr_test");
        List<TestGroup.ExpectedSample> expected = new ArrayList<>();
        boolean histograms = false;
        for (YamlNode item : items(fields.get("exp_samples"))) {
            Map<String, YamlNode.Entry> sample =
                    fields(item, Set.of("labels", "value", "histogram"), "an expected sample");
            histograms |= !text(sample.get("histogram")).isEmpty();
            expected.add(new TestGroup.ExpectedSample(sampleLabels(sample.get("labels")), value(sample.get("value"))));
        }
        return new TestGroup.ExpressionCase(
                text(fields.get("expr")), duration(fields.get("eval_time"), Duration.ZERO), expected, histograms);
    }

    private static Labels sampleLabels(YamlNode.@Nullable Entry field) throws Mismatch {
        String text = text(field).strip();
        if (field == null || text.isEmpty()) {
            return Labels.EMPTY;
        }
        try {
            return SeriesNotation.parseLabels(text);
        } catch (SyntaxException e) {
            throw new Mismatch(field.value(), "labels \"" + text + "\": " + e.getMessage());
        }
    }

    private static double value(YamlNode.@Nullable Entry field) throws Mismatch {
        String text = text(field);
        if (field == null || text.isEmpty()) {
            return 0;
        }
        try {
            return FloatText.parse(
                    text.replaceFirst("^([+-]?)\\.(?=[niNI])", "$1").replace("_", ""));
        } catch (NumberFormatException e) {
            throw new Mismatch(field.value(), "value: expected a number, found \"" + text + "\"");
        }
    }
}
