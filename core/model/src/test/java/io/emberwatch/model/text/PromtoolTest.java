package io.emberwatch.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Debian's promtool reads what is written in 0.0.4. */
class PromtoolTest {
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");

    private static final List<MetricFamily> AWKWARD = List.of(
            MetricFamily.counter("requests_total", "Quotes \", backslashes \\ and\nline breaks.", 1234567),
            MetricFamily.of(
                    "latency_seconds",
                    MetricType.HISTOGRAM,
                    "How long.",
                    List.of(
                            MetricPoint.of("latency_seconds_bucket", Labels.of("le", "0.1"), 3),
                            MetricPoint.of("latency_seconds_bucket", Labels.of("le", "+Inf"), 5),
                            MetricPoint.of("latency_seconds_sum", Labels.EMPTY, Double.MIN_VALUE),
                            MetricPoint.of("latency_seconds_count", Labels.EMPTY, 5))),
            MetricFamily.of(
                    "9 wrong.names",
                    MetricType.GAUGE,
                    "Made valid.",
                    List.of(
                            MetricPoint.of("9 wrong.names", Labels.of("a.b", "é\"\\\n", "a-b", "", "a_b", "x"), 1e300),
                            new MetricPoint(SeriesKey.of("9 wrong.names", Labels.EMPTY), Double.NaN, 1_500),
                            new MetricPoint(SeriesKey.of("9 wrong.names", Labels.of("old", "y")), -0.0, -1_500))),
            MetricFamily.of(
                    "build_info",
                    MetricType.INFO,
                    "The build.",
                    List.of(MetricPoint.of("build_info", Labels.of("version", "1"), 1))),
            MetricFamily.of(
                    "age",
                    MetricType.GAUGE_HISTOGRAM,
                    "Ages.",
                    List.of(
                            MetricPoint.of("age_bucket", Labels.of("le", "+Inf"), 2),
                            MetricPoint.of("age_gcount", Labels.EMPTY, 2))));

    @Test
    void readsEveryType() throws IOException, InterruptedException {
        // Complaints about style, such as a missing help, are printed with exit code 3; a page it cannot read is 1.
        assertThat(complaints(AWKWARD)).doesNotContain("error while linting");
    }

    @Test
    void findsNothingWrongWithAnEtcdPage() throws IOException, InterruptedException, ParseException {
        String corpus = System.getenv("EMBERWATCH_CORPUS");
        assumeTrue(corpus != null, "EMBERWATCH_CORPUS is not set");
        byte[] page = Files.readAllBytes(Path.of(corpus, "etcd", "healthy", "etcd-0.t1.prom"));
        List<MetricFamily> families = ExpositionParser.parseFamilies(page, TextFormat.PROMETHEUS_0_0_4);

        assertThat(complaints(families)).isEqualTo(complaints(page));
    }

    private static String complaints(List<MetricFamily> families) throws IOException, InterruptedException {
        return complaints(
                ExpositionWriter.toText(families, TextFormat.PROMETHEUS_0_0_4).getBytes(UTF_8));
    }

    private static String complaints(byte[] page) throws IOException, InterruptedException {
        assumeTrue(Files.exists(PROMTOOL), "promtool is not installed");
        Path output = Files.createTempFile("promtool", ".txt");
        try {
            Process promtool = new ProcessBuilder(PROMTOOL.toString(), "check", "metrics")
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try (OutputStream in = promtool.getOutputStream()) {
                in.write(page);
            }
            assertThat(promtool.waitFor(30, TimeUnit.SECONDS))
                    .as("promtool ended")
                    .isTrue();
            assertThat(promtool.exitValue()).as(Files.readString(output)).isIn(0, 3);
            return Files.readString(output);
        } finally {
            Files.delete(output);
        }
    }
}
