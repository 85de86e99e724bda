package io.emberwatch.exporter.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.exporter.status.FakeServer;
import io.emberwatch.exporter.status.StatusMetrics;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigReader;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a server does, it is shown as down in time, with the reason counted, and the page stays valid. */
class BadServersTest {
    private static final String YAML = """
            timeout: 700ms
            nginx: ["http://%1$s/status"]
            uwsgi: ["tcp://%1$s", "http://%1$s/"]
            memcached: ["%1$s"]
            rabbitmq: [{url: "http://%1$s", password: x}]
            postgres: [{address: "%1$s", password: x}]
            jmx: ["%1$s", {url: "http://%1$s/jolokia", instance: jolokia}]
            """;

    static Stream<Arguments> manners() {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
        return Stream.of(
                Arguments.of("hangs", FakeServer.HANGS),
                Arguments.of("leaves at once", FakeServer.LEAVES),
                Arguments.of("says nothing of use", FakeServer.says(bytes("\0\1\2 no such thing \377\n\n"))),
                Arguments.of(
                        "ends in the middle", FakeServer.says(bytes(head + "Content-Length: 500\r\n\r\nActive conn"))),
                Arguments.of("answers emptily", FakeServer.says(bytes(head + "Content-Length: 0\r\n\r\n"))),
                Arguments.of("answers with other JSON", FakeServer.says(bytes(head + "\r\n[[[{\"workers\": 7}]]]"))),
                Arguments.of("answers 500", FakeServer.says(bytes("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"))),
                Arguments.of("drips", FakeServer.drips(bytes(head + "\r\n" + "STAT a 1\r\n".repeat(100)))),
                Arguments.of(
                        "floods a line", FakeServer.floods("x".repeat(65536).getBytes(StandardCharsets.UTF_8))),
                Arguments.of("floods STAT", FakeServer.floods(bytes("STAT a 1\r\n".repeat(5000)))),
                Arguments.of("floods a body", flood(bytes(head + "\r\n"), bytes("[1,".repeat(20000)))));
    }

    private static FakeServer.Manner flood(byte[] head, byte[] body) {
        return client -> {
            client.getOutputStream().write(head);
            FakeServer.floods(body).serve(client);
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manners")
    void aBadServerIsDownAndNothingElse(String name, FakeServer.Manner manner) throws Exception {
        CollectorRegistry registry = new CollectorRegistry();
        try (FakeServer server = new FakeServer(manner)) {
            ServicesConfig config =
                    ConfigReader.parse("services.yml", YAML.formatted(server.address()), ServicesConfig.class);
            try (ServicesPart part = new ServicesPart(config, new StatusMetrics(registry))) {
                List<List<MetricFamily>> pages = part.sources().parallelStream()
                        .map(source -> collect(source))
                        .toList();
                assertThat(pages).hasSize(8);
                for (List<MetricFamily> page : pages) {
                    String text = ExpositionWriter.toText(page, TextFormat.PROMETHEUS_0_0_4);
                    ExpositionParser.parseFamilies(text.getBytes(StandardCharsets.UTF_8), TextFormat.PROMETHEUS_0_0_4);
                    assertThat(text).containsPattern("(_up\\{[^}]*} 0|jmx_scrape_error\\{[^}]*} 1)\n");
                }
            }
        }
        for (Map.Entry<String, List<String>> target : Map.of(
                        "nginx", List.of("a"), "uwsgi", List.of("a", "b"), "jmx", List.of("a", "b"))
                .entrySet()) {
            assertThat(failures(registry, target.getKey()))
                    .as(target.getKey())
                    .isEqualTo(target.getValue().size());
        }
    }

    private static List<MetricFamily> collect(Source source) {
        long started = System.nanoTime();
        try {
            List<MetricFamily> families = source.samples().collect(Deadline.after(Duration.ofSeconds(20)));
            // A bound far above the timeout, which says only that nobody waits forever.
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .as(source.name())
                    .isLessThan(Duration.ofSeconds(15));
            return families;
        } catch (java.io.IOException e) {
            throw new AssertionError(source.name(), e);
        }
    }

    private static double failures(CollectorRegistry registry, String kind) {
        double sum = 0;
        for (var family : java.util.Collections.list(registry.metricFamilySamples())) {
            for (var sample : family.samples) {
                if (sample.name.equals("emberwatch_exporter_target_failures_total")
                        && sample.labelValues.contains(kind)) {
                    sum += sample.value;
                }
            }
        }
        return sum;
    }
}
