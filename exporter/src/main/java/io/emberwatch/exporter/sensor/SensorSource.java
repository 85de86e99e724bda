package io.emberwatch.exporter.sensor;

import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.exporter.scrape.Explainer;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.time.Scheduler;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The sensors of an exporter, as one source. Asking it costs no waiting: the sensors run by themselves. */
public final class SensorSource implements SampleSource, Part, Explainer {
    private final ExporterMetrics metrics;
    private final Set<String> names = new HashSet<>();
    private final List<Sensor> sensors = new ArrayList<>();

    /**
     * @param simulated the command for sensors that have none
     * @throws IllegalArgumentException when two sensors have the same name, or one has no command and there is no
     *     simulated one
     */
    public SensorSource(
            List<SensorConfig> configs,
            List<String> simulated,
            Scheduler scheduler,
            InstantSource clock,
            ExporterMetrics metrics) {
        this.metrics = metrics;
        for (SensorConfig config : configs) {
            List<String> command = config.command().isEmpty() ? simulated : config.command();
            if (!names.add(config.name())) {
                throw new IllegalArgumentException("sensors: " + config.name() + " occurs twice");
            }
            if (command.isEmpty()) {
                throw new IllegalArgumentException("sensors: " + config.name() + " has no command");
            }
            sensors.add(new Sensor(config, command, scheduler, clock, metrics));
        }
    }

    @Override
    public String name() {
        return "sensor";
    }

    @Override
    public List<Source> sources() {
        return List.of(Source.of(this));
    }

    @Override
    public void start() {
        sensors.forEach(Sensor::start);
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) {
        List<MetricFamily> families = new ArrayList<>();
        sensors.forEach(sensor -> families.addAll(sensor.families()));
        if (!sensors.isEmpty()) {
            families.addAll(metrics.sensorFamilies(names));
        }
        return families;
    }

    @Override
    public List<String> explain(String text) {
        return SensorReadings.looksLikeLine(text)
                ? sensors.stream().map(sensor -> sensor.explain(text)).toList()
                : List.of();
    }

    /** Waits until every sensor has printed a line, or the deadline is past. */
    public void awaitUp(Deadline deadline) throws InterruptedException {
        for (Sensor sensor : sensors) {
            sensor.awaitLine(deadline);
        }
    }

    /** Ends every sensor and whatever it started; takes as long as the slowest, some seconds at most. */
    @Override
    public void close() {
        sensors.parallelStream().forEach(Sensor::stop);
    }
}
