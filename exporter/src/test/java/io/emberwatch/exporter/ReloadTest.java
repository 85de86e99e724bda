package io.emberwatch.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
    private static final String TWO_SENSORS = """
            host: {collectors: [loadavg]}
            sensors:
              - {name: steady, command: [sh, -c, "echo $$$$ 1 1; exec sleep 60"], fields: [{name: pid}, {name: a}, {name: b}]}
              - {name: moving, command: [sh, -c, "echo 0 0 0; echo 1 2 3; exec sleep 60"]}
            """;

    @TempDir
    private Path folder;

    @Test
    void whatDidNotChangeKeepsRunning() throws Exception {
        try (RunningExporter exporter = new RunningExporter(TWO_SENSORS, List.of())) {
            double pid = await(exporter, "sensor_pid{sensor=\"steady\"}");
            exporter.configure(TWO_SENSORS.replace("loadavg", "uname"));
            assertThat(exporter.reload().statusCode()).isEqualTo(200);

            String page = exporter.page("/metrics");
            assertThat(page)
                    .contains("node_uname_info")
                    .doesNotContain("node_load1")
                    .contains("emberwatch_exporter_config_last_reload_successful 1\n");
            assertThat(value(page, "sensor_pid{sensor=\"steady\"}")).isEqualTo(pid);
            assertThat(exporter.get("/metrics?collect[]=loadavg").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void countersOfWhatChangedGoOn() throws Exception {
        try (RunningExporter exporter = new RunningExporter(TWO_SENSORS, List.of())) {
            await(exporter, "sensor_cpu_load{sensor=\"moving\"}");
            String lines = "emberwatch_exporter_sensor_lines_total{sensor=\"moving\"}";
            assertThat(value(exporter.page("/metrics"), lines)).isEqualTo(2);
            exporter.configure(TWO_SENSORS.replace("1 2 3", "4 5 6"));
            assertThat(exporter.reload().statusCode()).isEqualTo(200);

            assertThat(await(exporter, "sensor_cpu_load{sensor=\"moving\"}")).isEqualTo(4);
            assertThat(value(exporter.page("/metrics"), lines)).isEqualTo(4);
            assertThat(value(exporter.page("/metrics"), "emberwatch_exporter_sensor_defects_total{sensor=\"moving\"}"))
                    .isEqualTo(2);

            exporter.configure("host: {enabled: false}");
            assertThat(exporter.reload().statusCode()).isEqualTo(200);
            assertThat(exporter.page("/metrics")).doesNotContain("steady").doesNotContain("moving");
        }
    }

    @Test
    void aBrokenFileKeepsWhatThereIsAndSaysSo() throws Exception {
        try (RunningExporter exporter = new RunningExporter(TWO_SENSORS, List.of())) {
            double pid = await(exporter, "sensor_pid{sensor=\"steady\"}");
            exporter.configure(TWO_SENSORS + "hots: {}\ntextfile: {max_file: 0}\n");
            HttpResponse<String> refused = exporter.reload();

            assertThat(refused.statusCode()).isEqualTo(500);
            assertThat(refused.body())
                    .contains("exporter.yml:5:1: hots: unknown key; expected one of")
                    .contains("exporter.yml:6:22: textfile.max_file");
            String page = exporter.page("/metrics");
            assertThat(page)
                    .contains("emberwatch_exporter_config_last_reload_successful 0\n")
                    .contains("node_load1 ");
            assertThat(value(page, "sensor_pid{sensor=\"steady\"}")).isEqualTo(pid);

            exporter.configure(TWO_SENSORS);
            assertThat(exporter.reload().statusCode()).isEqualTo(200);
            assertThat(exporter.page("/metrics")).contains("emberwatch_exporter_config_last_reload_successful 1\n");
        }
    }

    @Test
    void textfilesAppearWithTheirSection() throws Exception {
        Files.writeString(folder.resolve("heat.prom"), "heat 3\n");
        try (RunningExporter exporter = new RunningExporter("host: {enabled: false}", List.of())) {
            assertThat(exporter.page("/metrics")).doesNotContain("heat 3");
            exporter.configure("{host: {enabled: false}, textfile: {directories: [" + folder + "]}}");
            exporter.reload();
            assertThat(exporter.page("/metrics")).contains("heat 3\n");
        }
    }

    private static double await(RunningExporter exporter, String series) throws Exception {
        for (int i = 0; i < 200; i++) {
            String page = exporter.page("/metrics");
            if (page.contains(series)) {
                return value(page, series);
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new AssertionError("waited in vain for " + series);
    }

    private static double value(String page, String series) {
        Matcher matcher =
                Pattern.compile("(?m)^" + Pattern.quote(series) + " (.*)$").matcher(page);
        assertThat(matcher.find()).as(series).isTrue();
        return Double.parseDouble(matcher.group(1));
    }
}
