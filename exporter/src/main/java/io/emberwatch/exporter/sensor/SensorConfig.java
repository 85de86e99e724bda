package io.emberwatch.exporter.sensor;

import io.emberwatch.model.MetricNames;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A sensor: an executable that prints lines of values.
 *
 * @param name the {@code sensor} label
 * @param command the executable and its arguments; empty for the bundled simulated sensor
 * @param fields what the values of a line are, in order
 * @param allZeroIsDefect whether a line of zeros is the sensor's known defect: counted and kept out of the series
 * @param maxLine longer lines are skipped and counted
 * @param staleAfter without a line for so long the sensor counts as silent and its series end
 * @param restartMin wait before the first restart; doubles up to {@code restartMax}
 */
public record SensorConfig(
        @Default("sensor") String name,
        @Default("[]") List<String> command,
        @Default(DEFAULT_FIELDS) List<Field> fields,
        @Default("true") boolean allZeroIsDefect,
        @Default("4KiB") ByteSize maxLine,
        @Default("10s") Duration staleAfter,
        @Default("1s") Duration restartMin,
        @Default("1m") Duration restartMax) {
    static final String DEFAULT_FIELDS = """
            - name: cpu_load
              metric: sensor_cpu_load
              help: Load of an eight-core server as the sensor reports it.
            - name: random_value
              metric: sensor_random_value
              help: Value of the sensor's random generator between 4 and 8 million.
              buckets: {low: 4000000, high: 8000000, count: 10}
              repeats_over: 30s
            - name: ticks
              metric: sensor_ticks_total
              type: counter
              help: Measurements that the sensor has made, by its own count.
            """;

    /** How a value behaves. */
    public enum Type {
        GAUGE,
        COUNTER
    }

    /**
     * One value of a line.
     *
     * @param name in the error label: {@code error.<name>}
     * @param metric the metric's name
     * @param buckets also count the values in buckets of equal size, as {@code <metric>_distribution}
     * @param repeatsOver also report how often the most frequent value came in that time, as {@code <metric>_repeats}
     */
    public record Field(
            String name,
            String metric,
            @Default("gauge") Type type,
            @Default("\"\"") String help,
            @Nullable Buckets buckets,
            @Nullable Duration repeatsOver) {
        public Field {
            if (!MetricNames.isMetricName(metric)) {
                throw new IllegalArgumentException("metric: " + metric + " is not a metric name");
            }
            if (type == Type.COUNTER && !metric.endsWith("_total")) {
                throw new IllegalArgumentException("metric: a counter's name ends in _total, " + metric + " does not");
            }
        }
    }

    /** Buckets of equal size from low to high. */
    public record Buckets(
            double low, double high, @Default("10") int count) {
        public Buckets {
            if (!(high > low)) {
                throw new IllegalArgumentException("high: must be above low");
            }
            if (count < 1 || count > 1000) {
                throw new IllegalArgumentException("count: from 1 to 1000");
            }
        }

        double upperBound(int index) {
            return low + (high - low) * (index + 1) / count;
        }
    }

    public SensorConfig {
        if (fields.isEmpty()) {
            throw new IllegalArgumentException("fields: a line has at least one value");
        }
        Set<String> metrics = new HashSet<>();
        for (Field field : fields) {
            if (!metrics.add(field.metric())) {
                throw new IllegalArgumentException("fields: metric " + field.metric() + " occurs twice");
            }
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name: must not be empty");
        }
        if (restartMin.isZero() || restartMax.compareTo(restartMin) < 0) {
            throw new IllegalArgumentException("restart_max: must not be below restart_min, which is positive");
        }
    }
}
