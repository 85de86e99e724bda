package io.emberwatch.exporter.sensor;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;

/** What is counted about sensors; every series exists from the start with 0. */
public final class SensorMetrics {
    private final Counter defects;
    private final Counter errors;
    private final Counter lines;
    private final Counter restarts;

    public SensorMetrics(CollectorRegistry registry) {
        defects = Counter.build(
                        "emberwatch_exporter_sensor_defects_total",
                        "Lines that showed the sensor's known defect, all values zero at once.")
                .labelNames("sensor")
                .register(registry);
        errors = Counter.build(
                        "emberwatch_exporter_sensor_errors_total",
                        "Values and lines that could not be used: error.<field> for a value that is no number,"
                                + " line.fields for a wrong number of values, line.length for a line that is too long.")
                .labelNames("sensor", "error")
                .register(registry);
        lines = Counter.build("emberwatch_exporter_sensor_lines_total", "Lines that the sensor has printed.")
                .labelNames("sensor")
                .register(registry);
        restarts = Counter.build(
                        "emberwatch_exporter_sensor_restarts_total",
                        "Times that the sensor's executable was started again after it had ended or failed to start.")
                .labelNames("sensor")
                .register(registry);
    }

    /** The counters of one sensor. */
    Counters of(SensorConfig config) {
        return new Counters(config);
    }

    final class Counters {
        private final String sensor;

        private Counters(SensorConfig config) {
            sensor = config.name();
            defects.labels(sensor);
            lines.labels(sensor);
            restarts.labels(sensor);
            config.fields().forEach(field -> errors.labels(sensor, "error." + field.name()));
            errors.labels(sensor, "line.fields");
            errors.labels(sensor, "line.length");
        }

        void defect() {
            defects.labels(sensor).inc();
        }

        void error(String kind) {
            errors.labels(sensor, kind).inc();
        }

        void lines() {
            lines.labels(sensor).inc();
        }

        void restart() {
            restarts.labels(sensor).inc();
        }
    }
}
