package io.emberwatch.exporter.sensor;

import io.emberwatch.exporter.sensor.SensorConfig.Field;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.text.FloatText;
import io.emberwatch.service.lifecycle.ServiceContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All configured sensors. A silent sensor's series end; its counters and {@code up} stay. */
public final class SensorSource implements SampleSource, AutoCloseable {
    private final InstantSource clock;
    private final List<Sensor> sensors = new ArrayList<>();

    private record Sensor(SensorConfig config, SensorState state, SensorProcess process) {}

    /** @param simulated the command of the bundled simulated sensor, for sensors that name none */
    public SensorSource(
            List<SensorConfig> configs, List<String> simulated, SensorMetrics metrics, ServiceContext context) {
        clock = context.clock();
        for (SensorConfig config : configs) {
            SensorMetrics.Counters counters = metrics.of(config);
            SensorState state = new SensorState(config, counters);
            List<String> command = config.command().isEmpty() ? simulated : config.command();
            sensors.add(new Sensor(
                    config,
                    state,
                    new SensorProcess(config, command, state, counters, context.scheduler(), context.clock())));
        }
    }

    /** Starts the executables. */
    public void start() {
        sensors.forEach(sensor -> sensor.process().start());
    }

    @Override
    public String name() {
        return "sensor";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) {
        Instant now = clock.instant();
        Map<String, Family> families = new LinkedHashMap<>();
        for (Sensor sensor : sensors) {
            Labels labels = Labels.of("sensor", sensor.config().name());
            boolean fresh = sensor.state().isFresh(now);
            if (fresh) {
                for (SensorState.Reading reading : sensor.state().readings(now)) {
                    add(families, reading, labels);
                }
            }
            family(families, "emberwatch_exporter_sensor_up", MetricType.GAUGE, "Whether the sensor prints lines.")
                    .add(labels, fresh ? 1 : 0);
            Instant last = sensor.state().lastLine();
            if (last != null) {
                family(
                                families,
                                "emberwatch_exporter_sensor_last_line_timestamp_seconds",
                                MetricType.GAUGE,
                                "When the sensor last printed a line, Unix time.")
                        .add(labels, last.toEpochMilli() / 1000.0);
            }
        }
        return families.values().stream().map(Family::build).toList();
    }

    private static void add(Map<String, Family> families, SensorState.Reading reading, Labels labels) {
        Field field = reading.field();
        if (reading.value().isEmpty()) {
            return;
        }
        MetricType type = field.type() == SensorConfig.Type.COUNTER ? MetricType.COUNTER : MetricType.GAUGE;
        family(families, field.metric(), type, field.help())
                .add(labels, reading.value().getAsDouble());
        SensorConfig.Buckets buckets = field.buckets();
        if (buckets != null) {
            String name = field.metric() + "_distribution";
            Family family = family(families, name, MetricType.HISTOGRAM, "Values of " + field.metric() + " by size.");
            long total = 0;
            for (int i = 0; i < buckets.count(); i++) {
                total += reading.buckets().get(i);
                family.add(name + "_bucket", labels.with("le", FloatText.formatF(buckets.upperBound(i))), total);
            }
            total += reading.buckets().get(buckets.count());
            family.add(name + "_bucket", labels.with("le", "+Inf"), total);
            family.add(name + "_sum", labels, reading.sum());
            family.add(name + "_count", labels, total);
        }
        reading.repeats()
                .ifPresent(repeats -> family(
                                families,
                                field.metric() + "_repeats",
                                MetricType.GAUGE,
                                "How often the most frequent recent value of " + field.metric() + " came.")
                        .add(labels, repeats));
    }

    private static Family family(Map<String, Family> families, String name, MetricType type, String help) {
        return families.computeIfAbsent(name, n -> new Family(name, type, help, new ArrayList<>()));
    }

    private record Family(String name, MetricType type, String help, List<MetricPoint> points) {
        void add(Labels labels, double value) {
            add(name, labels, value);
        }

        void add(String sample, Labels labels, double value) {
            points.add(MetricPoint.of(sample, labels, value));
        }

        MetricFamily build() {
            return MetricFamily.of(name, type, help, points);
        }
    }

    @Override
    public void close() {
        sensors.forEach(sensor -> sensor.process().close());
    }
}
