package io.emberwatch.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.exporter.host.HostCollectors;
import io.emberwatch.exporter.sensor.FieldConfig;
import io.emberwatch.exporter.sensor.SensorConfig;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExporterConfigTest {
    @Test
    void withNothingGivenTheHostAloneIsMeasured() {
        ExporterConfig config = ConfigReader.defaults(ExporterConfig.class);

        assertThat(config.listen()).hasToString("127.0.0.1:9601");
        assertThat(config.sensors()).isEmpty();
        assertThat(config.etcd().clusters()).isEmpty();
        assertThat(config.textfile().directories()).isEmpty();
        assertThat(config.host().enabled()).isTrue();
        assertThat(config.host().collectors())
                .isEqualTo(HostCollectors.NAMES.stream()
                        .filter(name -> !name.equals("processes"))
                        .toList());
        assertThat(config.timeoutOffset()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void aSensorNeedsNothingButItsName() throws ConfigException {
        SensorConfig sensor = parse("sensors: [{name: demo}]").sensors().get(0);

        assertThat(sensor.command()).isEmpty();
        assertThat(sensor.defect()).isEqualTo(SensorConfig.Defect.ALL_ZERO);
        assertThat(sensor.fields())
                .extracting(FieldConfig::metricName)
                .containsExactly("sensor_cpu_load", "sensor_random_value", "sensor_ticks_total");
        assertThat(sensor.fields().get(1).repeats()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void everythingCanBeSaid() throws ConfigException {
        ExporterConfig config = parse("""
                listen: ":9700"
                sensors:
                  - name: oven
                    command: [/opt/oven/read, --fast]
                    fields:
                      - {name: celsius, metric: oven_temperature_celsius, help: Temperature of the oven.}
                      - {name: cycles, type: counter}
                    defect: none
                    max_line: 1kB
                    stale_after: 3s
                    restart: {min: 100ms, max: 10s}
                host:
                  collectors: [cpu, meminfo]
                  procfs: /host/proc
                  filesystem: {mount_timeout: 2s}
                  netdev: {device_exclude: "^lo$"}
                etcd:
                  clusters:
                    - name: main
                      members: [{url: "https://10.0.0.1:2379"}, {url: "https://10.0.0.2:2379", instance: etcd-1}]
                      tls: {ca: ca.pem, cert: client.pem, key: client.key}
                      health: false
                textfile: {directories: [/var/lib/metrics], keep_last_good: 1h}
                scrape_timeout: 4s
                timeout_offset: 100ms
                max_samples: 5000
                """);

        assertThat(config.sensors().get(0).fields())
                .extracting(FieldConfig::metricName)
                .containsExactly("oven_temperature_celsius", "sensor_cycles_total");
        assertThat(config.host().collectors()).isEqualTo(List.of("cpu", "meminfo"));
        assertThat(config.etcd().clusters().get(0).members())
                .extracting(member -> member.instanceName())
                .containsExactly("10.0.0.1:2379", "etcd-1");
    }

    @Test
    void everyFaultIsSaidWithItsPlace() {
        assertThatThrownBy(() -> parse("""
                        sensors:
                          - name: a
                            fields: [{name: "no good"}]
                        host:
                          diskstats: {device_exclude: "("}
                        etcd:
                          clusters: [{name: c, members: [{url: "ftp://x"}]}]
                        """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no good")
                .hasMessageContaining("device_exclude")
                .hasMessageContaining("ftp://x");
        assertThatThrownBy(() -> parse("host: {collectors: [cpu, gpu]}")).hasMessageContaining("gpu is none of");
    }

    @Test
    void sensorsMayNotContradictEachOther() {
        assertThatThrownBy(() -> parse("sensors: [{name: a}, {name: a}]")).hasMessageContaining("a occurs twice");
        assertThatThrownBy(
                        () -> parse(
                                "sensors: [{name: a, fields: [{name: x}]}, {name: b, fields: [{name: y, metric: sensor_x, type: counter}]}]"))
                .hasMessageContaining("sensor_x is a gauge of one sensor and a counter of another");
    }

    private static ExporterConfig parse(String yaml) throws ConfigException {
        return ConfigReader.parse("exporter.yml", yaml, ExporterConfig.class);
    }
}
