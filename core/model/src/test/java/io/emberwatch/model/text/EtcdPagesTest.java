package io.emberwatch.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages of a real etcd, in both directions. */
class EtcdPagesTest {
    @ParameterizedTest
    @MethodSource("states")
    void pagesComeBackEqual(String state) throws IOException, ParseException {
        String corpus = System.getenv("EMBERWATCH_CORPUS");
        assumeTrue(corpus != null, "EMBERWATCH_CORPUS is not set");
        for (Path file : pages(Path.of(corpus, "etcd", state))) {
            byte[] page = Files.readAllBytes(file);
            ExpositionParser.check(page, TextFormat.PROMETHEUS_0_0_4);
            List<MetricFamily> families = ExpositionParser.parseFamilies(page, TextFormat.PROMETHEUS_0_0_4);
            assertThat(families).as(file.toString()).hasSizeGreaterThan(100);

            assertThat(again(families, TextFormat.PROMETHEUS_0_0_4)).isEqualTo(families);
            assertThat(points(again(families, TextFormat.OPENMETRICS_1_0))).isEqualTo(points(families));
        }
    }

    static List<String> states() throws IOException {
        String corpus = System.getenv("EMBERWATCH_CORPUS");
        if (corpus == null) {
            return List.of("healthy");
        }
        try (Stream<Path> states = Files.list(Path.of(corpus, "etcd"))) {
            return states.filter(Files::isDirectory)
                    .map(state -> state.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> pages(Path state) throws IOException {
        try (Stream<Path> files = Files.list(state)) {
            return files.filter(file -> file.toString().endsWith(".prom")).toList();
        }
    }

    private static List<MetricFamily> again(List<MetricFamily> families, TextFormat format) throws ParseException {
        byte[] page = ExpositionWriter.toText(families, format).getBytes(UTF_8);
        ExpositionParser.check(page, format);
        return ExpositionParser.parseFamilies(page, format);
    }

    private static List<MetricPoint> points(List<MetricFamily> families) {
        return families.stream().flatMap(family -> family.points().stream()).toList();
    }
}
