package io.emberwatch.push.kafka;

import java.util.Map;
import java.util.OptionalDouble;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** How many records wait to be read, from the figures of Kafka's own clients. */
final class Lag {
    private static final String LARGEST_OF_PARTITIONS = "records-lag-max";

    private Lag() {}

    /** The largest of all partitions; empty while nothing was read. */
    static OptionalDouble of(Map<MetricName, ? extends Metric> metrics) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(LARGEST_OF_PARTITIONS))
                .map(entry -> entry.getValue().metricValue())
                .filter(Double.class::isInstance)
                .mapToDouble(Double.class::cast)
                .filter(lag -> !Double.isNaN(lag))
                .max();
    }
}
