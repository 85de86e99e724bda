package io.emberwatch.exporter.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.testkit.ManualClock;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SensorReadingsTest {
    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_000));
    private final ExporterMetrics metrics = new ExporterMetrics(new CollectorRegistry());
    private SensorReadings readings;

    @BeforeEach
    void begin() throws ConfigException {
        readings = readings("name: demo");
    }

    private SensorReadings readings(String yaml) throws ConfigException {
        return new SensorReadings(ConfigReader.parse("sensor.yml", yaml, SensorConfig.class), clock, metrics);
    }

    private String page() {
        return ExpositionWriter.toText(readings.families(), TextFormat.PROMETHEUS_0_0_4)
                + ExpositionWriter.toText(metrics.sensorFamilies(Set.of("demo", "calm")), TextFormat.PROMETHEUS_0_0_4);
    }

    @Test
    void everyCounterIsThereFromTheStart() {
        assertThat(page())
                .contains("emberwatch_exporter_sensor_lines_total{sensor=\"demo\"} 0")
                .contains("emberwatch_exporter_sensor_defects_total{sensor=\"demo\"} 0")
                .contains("emberwatch_exporter_sensor_errors_total{error=\"error.cpu_load\",sensor=\"demo\"} 0")
                .contains("emberwatch_exporter_sensor_errors_total{error=\"error.random_value\",sensor=\"demo\"} 0")
                .contains("emberwatch_exporter_sensor_errors_total{error=\"error.ticks\",sensor=\"demo\"} 0")
                .contains("emberwatch_exporter_sensor_errors_total{error=\"line.field_count\",sensor=\"demo\"} 0")
                .contains("emberwatch_exporter_sensor_errors_total{error=\"line.too_long\",sensor=\"demo\"} 0")
                .contains("emberwatch_exporter_sensor_errors_total{error=\"line.incomplete\",sensor=\"demo\"} 0")
                .contains("emberwatch_exporter_sensor_restarts_total{sensor=\"demo\"} 0")
                .doesNotContain("sensor_cpu_load{");
    }

    @Test
    void tagsAndTheDefectAreConfigured() throws ConfigException {
        readings = readings("""
                name: demo
                labels: {room: b12}
                fields: [{name: temperature, metric: room_celsius}, {name: state}]
                defect_when: {temperature: -127, state: 9}
                """);
        readings.line("21.5 1");
        readings.line("-127 9");
        readings.line("-127 1");
        assertThat(page())
                .contains("room_celsius{room=\"b12\",sensor=\"demo\"} -127\n")
                .contains("sensor_state{room=\"b12\",sensor=\"demo\"} 1\n")
                .contains("emberwatch_exporter_sensor_defects_total{sensor=\"demo\"} 1");
        assertThatThrownBy(() -> readings("{name: a, defect_when: {none: 1}}"))
                .hasMessageContaining("defect_when: there is no field none");
    }

    @Test
    void valuesMayBeApartByBlanksCommasOrSemicolons() {
        for (String line :
                new String[] {"7.5 5000000 42", "7.5,5000000,42", "7.5; 5000000 ;42", " \t7.5\t5e6  42 \r"}) {
            readings.line(line);
            assertThat(page())
                    .contains("# TYPE sensor_cpu_load gauge\nsensor_cpu_load{sensor=\"demo\"} 7.5\n")
                    .contains("sensor_random_value{sensor=\"demo\"} 5000000\n")
                    .contains("# TYPE sensor_ticks_total counter\nsensor_ticks_total{sensor=\"demo\"} 42\n");
        }
        assertThat(page()).contains("emberwatch_exporter_sensor_lines_total{sensor=\"demo\"} 4\n");
    }

    @Test
    void threeZerosAtOnceAreTheKnownDefectAndKeptOut() {
        readings.line("7.5 5000000 42");
        readings.line("0 0 0");
        readings.line("0.0, -0, 0e3");

        assertThat(page())
                .contains("emberwatch_exporter_sensor_defects_total{sensor=\"demo\"} 2\n")
                .contains("emberwatch_exporter_sensor_lines_total{sensor=\"demo\"} 3\n")
                .contains("sensor_cpu_load{sensor=\"demo\"} 7.5\n")
                .contains("sensor_random_value_distribution_count{sensor=\"demo\"} 1\n");
    }

    @Test
    void zerosAreValuesWhenTheDefectIsSwitchedOff() throws ConfigException {
        readings = readings("{name: calm, defect: none}");
        readings.line("0 0 0");

        assertThat(page())
                .contains("sensor_cpu_load{sensor=\"calm\"} 0\n")
                .contains("emberwatch_exporter_sensor_defects_total{sensor=\"calm\"} 0\n");
    }

    @Test
    void aBadValueIsCountedAndTheOthersOfItsLineHold() {
        readings.line("7.5 5000000 42");
        readings.line("8.5 many 43");
        readings.line("NaN 6000000 Inf");

        assertThat(page())
                .contains("error=\"error.random_value\",sensor=\"demo\"} 1\n")
                .contains("error=\"error.cpu_load\",sensor=\"demo\"} 1\n")
                .contains("error=\"error.ticks\",sensor=\"demo\"} 1\n")
                .contains("sensor_cpu_load{sensor=\"demo\"} 8.5\n")
                .contains("sensor_random_value{sensor=\"demo\"} 6000000\n")
                .contains("sensor_ticks_total{sensor=\"demo\"} 43\n");
    }

    @Test
    void aLineWithAnotherNumberOfValuesIsCounted() {
        readings.line("1 2");
        readings.line("1 2 3 4");
        readings.line("");
        readings.line("   ");

        assertThat(page())
                .contains("error=\"line.field_count\",sensor=\"demo\"} 2\n")
                .contains("emberwatch_exporter_sensor_lines_total{sensor=\"demo\"} 2\n")
                .doesNotContain("sensor_cpu_load{");
    }

    @Test
    void seriesDisappearWhenNothingComesAnyMore() {
        readings.line("7.5 5000000 42");
        clock.advance(Duration.ofSeconds(10));
        assertThat(readings.isFresh()).isTrue();
        assertThat(page()).contains("sensor_cpu_load{");

        clock.advance(Duration.ofMillis(1));
        assertThat(readings.isFresh()).isFalse();
        assertThat(page())
                .doesNotContain("sensor_cpu_load{")
                .doesNotContain("sensor_random_value_distribution")
                .contains("emberwatch_exporter_sensor_last_line_timestamp_seconds{sensor=\"demo\"} 1000\n");
    }

    @Test
    void defectsShowThatTheSensorIsAliveButKeepNoValueFresh() {
        readings.line("7.5 5000000 42");
        for (int i = 0; i < 11; i++) {
            clock.advance(Duration.ofSeconds(1));
            readings.line("0 0 0");
        }
        assertThat(readings.isFresh()).isTrue();
        assertThat(page()).doesNotContain("sensor_cpu_load{");
    }

    @Test
    void theDistributionHasTenEqualBucketsBetweenItsEnds() {
        readings.line("7 3999999 1");
        readings.line("7 4000001 2");
        readings.line("7 4400000 3");
        readings.line("7 7999999 4");
        readings.line("7 9000000 5");

        assertThat(page())
                .contains("# TYPE sensor_random_value_distribution histogram")
                .contains("_bucket{le=\"4e+06\",sensor=\"demo\"} 1\n")
                .contains("_bucket{le=\"4.4e+06\",sensor=\"demo\"} 3\n")
                .contains("_bucket{le=\"7.6e+06\",sensor=\"demo\"} 3\n")
                .contains("_bucket{le=\"8e+06\",sensor=\"demo\"} 4\n")
                .contains("_bucket{le=\"+Inf\",sensor=\"demo\"} 5\n")
                .contains("_count{sensor=\"demo\"} 5\n")
                .contains("_sum{sensor=\"demo\"} 29399999\n");
    }

    @Test
    void repeatsAreThoseOfTheLastThirtySeconds() {
        readings.line("7 5000000 1");
        clock.advance(Duration.ofSeconds(10));
        readings.line("7 5000000 2");
        readings.line("7 6000000 3");
        assertThat(page()).contains("sensor_random_value_repeats{sensor=\"demo\"} 2\n");

        clock.advance(Duration.ofSeconds(20));
        readings.line("7 6500000 4");
        assertThat(page()).contains("sensor_random_value_repeats{sensor=\"demo\"} 1\n");
    }

    @Test
    void repeatsRememberABoundedNumberOfValues() {
        RepeatWindow window = new RepeatWindow(30_000);
        for (int i = 0; i < RepeatWindow.MAX_VALUES + 5; i++) {
            window.add(i < 5 ? -1 : i, 0);
        }
        assertThat(window.mostFrequent(0)).isEqualTo(1);
    }

    @Test
    void aSensorMayHaveAnyNumberOfValues() throws ConfigException {
        readings = readings("{name: oven, fields: [{name: heat, metric: oven_heat_celsius, help: Heat.}]}");
        readings.line("181.5");

        assertThat(page())
                .contains(
                        "# HELP oven_heat_celsius Heat.\n# TYPE oven_heat_celsius gauge\noven_heat_celsius{sensor=\"oven\"} 181.5");
    }
}
