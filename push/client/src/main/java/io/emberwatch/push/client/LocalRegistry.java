package io.emberwatch.push.client;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.line.FieldValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps the last value of every numeric field, for a {@code /metrics} page of the application's own: field {@code f} of
 * metric {@code m} is the gauge {@code m_f}, and {@code m} alone where the field is called {@code value}; tags are labels.
 * True and false are 1 and 0, texts are left out. Bounded: further series than {@value #MOST_SERIES} are counted in
 * {@code emberwatch_client_dropped_series_total} and left out.
 */
public final class LocalRegistry implements Backend, SampleSource {
    static final int MOST_SERIES = 10_000;
    private static final String DROPPED = "emberwatch_client_dropped_series_total";

    private final SortedMap<String, Map<Labels, Double>> values = new TreeMap<>();
    private final String name;
    private int series;
    private long dropped;

    /** @param name as a source of metrics */
    public LocalRegistry(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized void send(List<Line> lines) {
        for (Line line : lines) {
            Metric metric = line.metric();
            Labels labels = labels(metric);
            metric.fields().forEach((field, value) -> {
                double number = value instanceof FieldValue.BooleanValue flag
                        ? (flag.value() ? 1 : 0)
                        : Derivations.number(value);
                if (!Double.isNaN(number)) {
                    put(seriesName(metric.name(), field), labels, number);
                }
            });
        }
    }

    private static String seriesName(String metric, String field) {
        return MetricNames.sanitize(field.equals(Metric.VALUE) ? metric : metric + "_" + field);
    }

    private static Labels labels(Metric metric) {
        SortedMap<String, String> labels = new TreeMap<>();
        metric.tags()
                .forEach((key, value) -> labels.put(MetricNames.sanitize(key).replace(':', '_'), value));
        return Labels.of(labels);
    }

    private void put(String metric, Labels labels, double value) {
        Map<Labels, Double> family = values.computeIfAbsent(metric, unseen -> new LinkedHashMap<>());
        if (family.containsKey(labels) || series < MOST_SERIES) {
            series += family.put(labels, value) == null ? 1 : 0;
        } else {
            dropped++;
        }
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) {
        List<MetricFamily> families = new ArrayList<>();
        values.forEach((metric, family) -> {
            List<MetricPoint> points = new ArrayList<>(family.size());
            family.forEach((labels, value) -> points.add(MetricPoint.of(metric, labels, value)));
            if (!points.isEmpty()) {
                families.add(MetricFamily.of(metric, MetricType.GAUGE, "", points));
            }
        });
        families.add(MetricFamily.counter(DROPPED, "Values left out because there were too many series.", dropped));
        return families;
    }
}
