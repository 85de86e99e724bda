package io.emberwatch.exporter.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OutputReaderTest {
    private Readings readings = new Readings("", Labels.EMPTY);

    private String page(OutputFormat format, int exitCode, String output) {
        readings = new Readings("app_", Labels.of("site", "a"));
        OutputReader.read(output.getBytes(UTF_8), format, exitCode, Set.of("disk"), readings);
        return ExpositionWriter.toText(readings.families(), TextFormat.PROMETHEUS_0_0_4)
                .replaceAll("# TYPE \\S+ untyped\n", "");
    }

    @Test
    void anExpositionLosesItsFaultyLinesAlone() {
        assertThat(page(OutputFormat.PROMETHEUS, 0, """
                # HELP jobs_total Jobs.
                # TYPE jobs_total counter
                jobs_total{queue="a"} 5
                Warning: the cache is cold
                jobs_total{queue="b",site="z"} 7
                broken{
                depth 3""")).isEqualTo("""
                # HELP app_jobs_total Jobs.
                # TYPE app_jobs_total counter
                app_jobs_total{queue="a",site="a"} 5
                app_jobs_total{queue="b",site="z"} 7
                app_depth{site="a"} 3
                """);
        assertThat(readings.faultCount()).isEqualTo(2);
        assertThat(readings.faults().get(0)).startsWith("line 4");
    }

    @Test
    void keysAndValuesMayBeWrittenInThreeWays() {
        assertThat(page(OutputFormat.KEY_VALUE, 0, """
                temp=21.5 fan-speed=900
                uptime: 17
                load 0.25
                up true
                oops
                """)).isEqualTo("""
                app_temp{site="a"} 21.5
                app_fan_speed{site="a"} 900
                app_uptime{site="a"} 17
                app_load{site="a"} 0.25
                app_up{site="a"} 1
                """);
        assertThat(readings.faults()).containsExactly("line 5: no name and number: oops");
    }

    @Test
    void jsonIsFlattened() {
        assertThat(page(
                        OutputFormat.JSON,
                        0,
                        "{\"pool\":{\"size\":4,\"open\":true,\"name\":\"x\"},\"cpu\":[0.5,0.75]}"))
                .isEqualTo("""
                        app_pool_size{site="a"} 4
                        app_pool_open{site="a"} 1
                        app_cpu{index="0",site="a"} 0.5
                        app_cpu{index="1",site="a"} 0.75
                        """);
        assertThat(page(OutputFormat.JSON, 0, "{\"a\":1} x")).isEmpty();
        assertThat(readings.faultCount()).isEqualTo(1);
    }

    @Test
    void columnsOfCsvAreLabelsOrValues() {
        assertThat(page(OutputFormat.CSV, 0, """
                disk,free,"used, percent"
                sda,10,"90"
                "sd""b",20,
                sdc,x,1,2
                """)).isEqualTo("""
                app_free{disk="sda",site="a"} 10
                app_free{disk="sd\\"b",site="a"} 20
                app_used__percent{disk="sda",site="a"} 90
                """);
        assertThat(readings.faults()).containsExactly("line 4: 4 values instead of 3");
    }

    @Test
    void lineProtocolGivesAMetricForEachNumber() {
        assertThat(page(OutputFormat.INFLUX, 0, """
                cpu,host=a\\ b load=0.5,cores=8i,on=t,model="x 86" 1700000000000000000
                temp value=21
                cpu load
                """)).isEqualTo("""
                app_cpu_load{host="a b",site="a"} 0.5 1700000000000
                app_cpu_cores{host="a b",site="a"} 8 1700000000000
                app_cpu_on{host="a b",site="a"} 1 1700000000000
                app_temp{site="a"} 21
                """);
        assertThat(readings.faults()).containsExactly("line 3: expected '=' after the field key");
    }

    @Test
    void aNagiosPluginHasAStateAndPerformanceData() {
        assertThat(page(OutputFormat.NAGIOS, 1, "DISK WARNING - 5% | /=2643MB;5948;5958;0;5968 'free space'=5% t=12ms"))
                .isEqualTo("""
                        # TYPE app_nagios_state gauge
                        app_nagios_state{site="a"} 1
                        # TYPE app_nagios_value gauge
                        app_nagios_value{label="/",site="a",unit="bytes"} 2771386368
                        app_nagios_value{label="free space",site="a",unit="ratio"} 0.05
                        app_nagios_value{label="t",site="a",unit="seconds"} 0.012
                        # TYPE app_nagios_warning gauge
                        app_nagios_warning{label="/",site="a",unit="bytes"} 6236930048
                        # TYPE app_nagios_critical gauge
                        app_nagios_critical{label="/",site="a",unit="bytes"} 6247415808
                        # TYPE app_nagios_min gauge
                        app_nagios_min{label="/",site="a",unit="bytes"} 0
                        # TYPE app_nagios_max gauge
                        app_nagios_max{label="/",site="a",unit="bytes"} 6257901568
                        """);
    }

    @Test
    void noOutputIsTooOdd() {
        Random random = new Random(3);
        String alphabet = "a1 =:,{}[]\"'|;%\\\n\t#.-+eüU\u0000";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder output = new StringBuilder();
            for (int k = random.nextInt(40); k > 0; k--) {
                output.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            for (OutputFormat format : OutputFormat.values()) {
                page(format, random.nextInt(6) - 1, output.toString());
            }
        }
        assertThat(readings.faults()).hasSizeLessThanOrEqualTo(5);
    }
}
