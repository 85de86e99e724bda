package io.emberwatch.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainTest {
    private static final String CONFIG = """
            host: {collectors: [loadavg]}
            sensors: [{name: demo}]
            etcd: {clusters: [{name: prod, members: [{url: "http://127.0.0.1:1"}]}]}
            """;

    @TempDir
    private Path folder;

    @Test
    void aSeriesIsTracedToItsSource() throws Exception {
        try (RunningExporter exporter = new RunningExporter(CONFIG, List.of())) {
            assertThat(explain(exporter, "node_load1"))
                    .containsPattern("node_load1 [0-9.e-]+ from source host/loadavg, gauge: 1m load average.\n")
                    .contains("  shown as it is");
            assertThat(explain(exporter, "node_load1%7Ba=%22b%22%7D")).contains("no source has or knows");
            assertThat(exporter.get("/exporter/explain").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void whatThePageMakesOfASampleIsTold() throws Exception {
        SampleSource wild = source(List.of(
                MetricFamily.gauge("twice", "", 1),
                MetricFamily.counter("twice", "", 2),
                MetricFamily.of(
                        "h",
                        MetricType.HISTOGRAM,
                        "",
                        List.of(
                                MetricPoint.of("h_bucket", Labels.of("le", "many"), 1),
                                MetricPoint.of("h_count", Labels.EMPTY, 1))),
                MetricFamily.gauge("h_count", "", 7),
                MetricFamily.of(
                        "dotted", MetricType.GAUGE, "", List.of(MetricPoint.of("dotted", Labels.of("a.b", "x"), 4)))));
        try (RunningExporter exporter = new RunningExporter(CONFIG, List.of(wild))) {
            assertThat(explain(exporter, "twice"))
                    .contains("twice 1 from source wild, gauge\n", "twice 2 from source wild, counter\n")
                    .contains("  came more than once; the last one is shown\n");
            assertThat(explain(exporter, "h_bucket"))
                    .contains("  left out: the bound of its bucket or quantile is not a number");
            assertThat(explain(exporter, "h_count"))
                    .contains("  left out: its name is that of samples of the histogram h");
            assertThat(explain(exporter, "dotted"))
                    .contains("  shown as dotted{a_b=\"x\"}, because of characters that names may not have");
            assertThat(exporter.page("/metrics"))
                    .as("nothing is counted twice")
                    .contains("emberwatch_exporter_conflicting_families_total{source=\"wild\"} 0");
        }
    }

    @Test
    void linesAndUrlsAreTold() throws Exception {
        try (RunningExporter exporter = new RunningExporter(CONFIG, List.of())) {
            assertThat(explain(exporter, "7.5+x+3"))
                    .contains("sensor demo: sensor_cpu_load = 7.5, sensor_random_value refused as error.random_value,"
                            + " sensor_ticks_total = 3");
            assertThat(explain(exporter, "1+2")).contains("refused as line.field_count, 2 values instead of 3");
            assertThat(explain(exporter, "http://127.0.0.1:1/metrics"))
                    .contains("etcd member 127.0.0.1:1 of cluster prod");
        }
    }

    @Test
    void aFileThatCannotBeReadSaysWhere() throws Exception {
        Path file = Files.writeString(folder.resolve("heat.prom"), "heat 3\nheat{ 4\n");
        try (RunningExporter exporter =
                new RunningExporter("{host: {enabled: false}, textfile: {directories: [" + folder + "]}}", List.of())) {
            assertThat(explain(exporter, file.toString()))
                    .contains("nothing of it is shown; it cannot be read now: ")
                    .contains("line 2, column 7");
            Files.writeString(file, "heat 3\n");
            assertThat(explain(exporter, "heat"))
                    .contains("from source textfile", "textfile " + file + ": 1 metrics of it are shown");
        }
    }

    private static String explain(RunningExporter exporter, String what) throws Exception {
        return exporter.page("/exporter/explain?q=" + what);
    }

    private static SampleSource source(List<MetricFamily> families) {
        return new SampleSource() {
            @Override
            public String name() {
                return "wild";
            }

            @Override
            public List<MetricFamily> collect(Deadline deadline) throws IOException {
                return families;
            }
        };
    }
}
