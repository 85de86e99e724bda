package io.emberwatch.exporter.sensor;

import io.emberwatch.model.MetricNames;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A program that prints a line of values over and over.
 *
 * @param name the value of the label {@code sensor}
 * @param command the program and its arguments; empty for the simulated sensor that is part of the exporter
 * @param fields what the values of a line are, in order
 * @param defect which lines are the sensor's known defect, counted and kept out
 * @param defectWhen fields and the values that they have together in a line that is the defect; takes the place of {@code
 *     defect}
 * @param labels tags of every series of the sensor
 * @param maxLine lines that are longer are skipped and counted, at most 16 MiB
 * @param staleAfter how long a value is shown after it was printed
 */
public record SensorConfig(
        String name,
        @Default("[]") List<String> command,
        @Default(THREE_VALUES) List<FieldConfig> fields,
        @Default("all_zero") Defect defect,
        @Default("{}") Map<String, Double> defectWhen,
        @Default("{}") Map<String, String> labels,
        @Default("64KiB") ByteSize maxLine,
        @Default("10s") Duration staleAfter,
        @Default("{}") RestartConfig restart) {
    static final String THREE_VALUES = """
            - name: cpu_load
              help: Load of the measured server, usually between 5 and 10.
            - name: random_value
              help: Last value of the random generator, between 4000000 and 8000000.
              distribution: {from: 4000000, to: 8000000, buckets: 10}
              repeats: 30s
            - name: ticks
              type: counter
              help: How often the sensor has measured.
            """;

    private static final long LARGEST_LINE = 16 << 20;

    /** What lines are known to be wrong. */
    public enum Defect {
        /** All values are zero at once. */
        ALL_ZERO,
        NONE
    }

    public SensorConfig {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name: a sensor must have a name");
        }
        command = List.copyOf(command);
        fields = List.copyOf(fields);
        if (!command.isEmpty() && command.get(0).isEmpty()) {
            throw new IllegalArgumentException("command: the first word must be a program");
        }
        if (fields.isEmpty()) {
            throw new IllegalArgumentException("fields: a line must have at least one value");
        }
        if (maxLine.bytes() < 1 || maxLine.bytes() > LARGEST_LINE) {
            throw new IllegalArgumentException("max_line: must be from 1 byte to 16MiB");
        }
        if (staleAfter.isNegative() || staleAfter.isZero()) {
            throw new IllegalArgumentException("stale_after: must be longer than nothing");
        }
        labels.keySet().forEach(label -> {
            if (!MetricNames.isLabelName(label) || Set.of("sensor", "le").contains(label)) {
                throw new IllegalArgumentException("labels: " + label + " cannot be the name of a label here");
            }
        });
        for (String field : defectWhen.keySet()) {
            if (fields.stream().noneMatch(known -> known.name().equals(field))) {
                throw new IllegalArgumentException("defect_when: there is no field " + field);
            }
        }
        Set<String> names = new HashSet<>();
        Set<String> metrics = new HashSet<>();
        for (FieldConfig field : fields) {
            if (!names.add(field.name()) || !metrics.add(field.metricName())) {
                throw new IllegalArgumentException("fields: " + field.name() + " occurs twice");
            }
        }
    }

    /**
     * How soon a sensor that ended is started again: after {@code min}, each time twice as late up to {@code max}. A run
     * of at least {@code max} begins anew with {@code min}.
     */
    public record RestartConfig(
            @Default("1s") Duration min, @Default("1m") Duration max) {
        public RestartConfig {
            if (min.toMillis() < 1 || min.compareTo(max) > 0) {
                throw new IllegalArgumentException("min: must be at least 1ms and not above max");
            }
        }
    }
}
