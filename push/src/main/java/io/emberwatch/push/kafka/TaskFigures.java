package io.emberwatch.push.kafka;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * What Kafka's own clients tell of each task, that is of each partition that an instance reads: how far it is behind; and of
 * each thread, how many records it reads a second.
 */
public final class TaskFigures {
    private static final String LAG = "records-lag";
    private static final String RATE = "records-consumed-rate";

    private final Map<Labels, Double> lags = new TreeMap<>();
    private final Map<Labels, Double> rates = new TreeMap<>();

    /** Adds what a component's clients tell. */
    void add(String component, Map<MetricName, ? extends Metric> metrics) {
        metrics.forEach((name, metric) -> {
            Map<String, String> tags = name.tags();
            if (!name.group().equals("consumer-fetch-manager-metrics")
                    || !(metric.metricValue() instanceof Double value)
                    || value.isNaN()
                    || !tags.containsKey("topic")) {
                return;
            }
            Labels.Builder labels = Labels.builder().set("component", component).set("topic", tags.get("topic"));
            if (name.name().equals(LAG) && tags.containsKey("partition")) {
                lags.merge(labels.set("partition", tags.get("partition")).build(), value, Math::max);
            } else if (name.name().equals(RATE)) {
                String client = tags.getOrDefault("client-id", "");
                rates.merge(labels.set("client", client).build(), value, Double::sum);
            }
        });
    }

    /** Gauges of all that was added. */
    public List<MetricFamily> families() {
        List<MetricFamily> families = new ArrayList<>();
        add(families, "emberwatch_push_task_lag_records", "Records behind, by the partition that a task reads.", lags);
        add(
                families,
                "emberwatch_push_task_records_per_second",
                "Records read a second over the last half minute, by the client of a thread.",
                rates);
        return families;
    }

    private static void add(List<MetricFamily> families, String name, String help, Map<Labels, Double> values) {
        List<MetricPoint> points = new ArrayList<>();
        values.forEach((labels, value) -> points.add(MetricPoint.of(name, labels, value)));
        families.add(MetricFamily.of(name, MetricType.GAUGE, help, points));
    }
}
