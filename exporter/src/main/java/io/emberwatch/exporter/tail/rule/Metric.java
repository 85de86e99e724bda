package io.emberwatch.exporter.tail.rule;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One metric and its series. */
final class Metric {
    private final String name;
    private final RuleConfig.Type type;
    private final double[] bounds;
    private final long ttlMillis;
    private String help;
    private final Map<Labels, Series> series = new LinkedHashMap<>();

    Metric(RuleConfig rule) {
        name = rule.name();
        type = rule.type();
        bounds = type == RuleConfig.Type.HISTOGRAM
                ? rule.buckets().stream().mapToDouble(Double::doubleValue).toArray()
                : new double[0];
        ttlMillis = rule.ttl().toMillis();
        help = rule.help();
    }

    /** @throws IllegalArgumentException when another rule for this metric wants it otherwise */
    void agree(RuleConfig rule) {
        Metric other = new Metric(rule);
        if (other.type != type || !Arrays.equals(other.bounds, bounds) || other.ttlMillis != ttlMillis) {
            throw new IllegalArgumentException(
                    "rules: those for " + name + " differ in type, buckets or ttl; they must agree");
        }
        help = help.isEmpty() ? rule.help() : help;
    }

    String name() {
        return name;
    }

    RuleConfig.Type type() {
        return type;
    }

    boolean isHistogram() {
        return type == RuleConfig.Type.HISTOGRAM;
    }

    double[] bounds() {
        return bounds;
    }

    long ttlMillis() {
        return ttlMillis;
    }

    Map<Labels, Series> series() {
        return series;
    }

    MetricFamily family() {
        List<MetricPoint> points = new ArrayList<>(series.size());
        series.values().forEach(one -> one.addTo(points));
        return MetricFamily.of(name, type.metricType(), help, points);
    }
}
