package io.emberwatch.exporter.tail.rule;

import io.emberwatch.exporter.tail.pattern.LinePattern;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.MetricType;
import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One metric made of records.
 *
 * @param name the metric's name; several rules may add to one metric when type and buckets agree
 * @param match a regular expression in RE2's syntax that the record must hold; its named groups are fields
 * @param where fields that must match an expression as a whole; a field that is not there does not
 * @param value the field that holds the number; a counter without one counts records
 * @param scale what the number is multiplied by
 * @param action what a gauge does with the number
 * @param labels labels and the fields that hold their values; a field that is not there is an empty label
 * @param constantLabels labels with values that are always the same
 * @param buckets upper bounds of a histogram, ascending
 * @param ttl how long a series is shown after its last record; zero for ever
 */
public record RuleConfig(
        String name,
        @Default("counter") Type type,
        @Default("''") String help,
        @Nullable String match,
        @Default("{}") Map<String, String> where,
        @Nullable String value,
        @Default("1") double scale,
        @Default("set") Action action,
        @Default("{}") Map<String, String> labels,
        @Default("{}") Map<String, String> constantLabels,

        @Default("[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]")
        List<Double> buckets,

        @Default("0s") Duration ttl) {
    private static final int MOST_BUCKETS = 500;

    /** What is made of the numbers. */
    public enum Type {
        COUNTER(MetricType.COUNTER),
        GAUGE(MetricType.GAUGE),
        HISTOGRAM(MetricType.HISTOGRAM);

        private final MetricType metricType;

        Type(MetricType metricType) {
            this.metricType = metricType;
        }

        MetricType metricType() {
            return metricType;
        }
    }

    /** What a gauge does with a number. */
    public enum Action {
        SET,
        ADD,
        SUBTRACT
    }

    public RuleConfig {
        buckets = List.copyOf(buckets);
        if (!MetricNames.isMetricName(name)) {
            throw new IllegalArgumentException("name: " + name + " is not a metric name");
        }
        if (match != null) {
            requirePattern("match", match);
        }
        where.values().forEach(expression -> requirePattern("where", expression));
        labels.keySet().forEach(label -> requireLabel("labels", label));
        constantLabels.keySet().forEach(label -> requireLabel("constant_labels", label));
        labels.keySet().forEach(label -> {
            if (constantLabels.containsKey(label)) {
                throw new IllegalArgumentException("labels: " + label + " is one of the constant labels");
            }
        });
        if (!Double.isFinite(scale)) {
            throw new IllegalArgumentException("scale: must be a finite number");
        }
        if (type == Type.HISTOGRAM) {
            requireBuckets(buckets, value);
        }
        if (type == Type.GAUGE && action == Action.SET && value == null) {
            throw new IllegalArgumentException("value: a gauge that is set needs the field that holds its value");
        }
        if (ttl.isNegative()) {
            throw new IllegalArgumentException("ttl: must not be negative");
        }
    }

    private static void requirePattern(String key, String expression) {
        try {
            LinePattern.compile(expression);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }

    private static void requireLabel(String key, String label) {
        if (!MetricNames.isLabelName(label) || label.startsWith("__") || label.equals("le")) {
            throw new IllegalArgumentException(key + ": " + label + " is not the name of a label");
        }
    }

    private static void requireBuckets(List<Double> buckets, @Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException("value: a histogram needs the field that holds its value");
        }
        if (buckets.isEmpty() || buckets.size() > MOST_BUCKETS) {
            throw new IllegalArgumentException("buckets: must be 1 to " + MOST_BUCKETS);
        }
        for (int i = 0; i < buckets.size(); i++) {
            if (!Double.isFinite(buckets.get(i)) || (i > 0 && buckets.get(i) <= buckets.get(i - 1))) {
                throw new IllegalArgumentException("buckets: must be finite and ascend");
            }
        }
    }
}
