package io.emberwatch.exporter.graphite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.mapping.Mapper;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.metrics.Registry;
import io.emberwatch.testkit.ManualClock;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CarbonReaderTest {
    private final CollectorRegistry registry = new CollectorRegistry();
    private final GraphiteMetrics metrics = new GraphiteMetrics(registry, 300);
    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_000_000));
    private GraphiteStore store = store("{}");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `a.b 1.5 1000000`                | `a_b 1.5`
            `a.b 1 -1`                       | `a_b 1`
            `  a.b\\t\\t2   999900.5  \\r`   | `a_b 2`
            `a.b 1 1000000;a.b 2 1000000`    | `a_b 2`
            `a.b 1e3 1000000;c inf 1000000`  | `a_b 1000, c +Inf`
            `a:b-c 1 1000000`                | `a:b_c 1`
            `9a 1 1000000`                   | `_9a 1`
            `a~k=v~l-x=w 1 1000000`          | `a{k="v",l_x="w"} 1`
            `a~k=v=w~bad 1 1000000`          | `a{k="v=w"} 1`
            `grün 1 1000000`                 | `gr_n 1`
            """)
    void readsPlaintext(String lines, String expected) {
        take(lines.replace(';', '\n').replace('~', ';').replace("\\t", "\t").replace("\\r", "\r"));

        assertThat(page()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `a`                  | malformed
            `a 1`                | malformed
            `a 1 2 3`            | malformed
            `a x 1000000`        | value
            `a nan 1000000`      | value
            `a 1 x`              | timestamp
            `a 1 inf`            | timestamp
            `a 1 999000`         | old
            `;k=v 1 1000000`     | path
            """)
    void countsWhatItDoesNotTake(String line, String reason) {
        take(line + "\n\n  \n");

        assertThat(value("emberwatch_exporter_graphite_samples_dropped_total", reason))
                .isEqualTo(1);
        assertThat(value("emberwatch_exporter_graphite_samples_dropped_total", ""))
                .isEqualTo(1);
        assertThat(value("emberwatch_exporter_graphite_samples_total", "")).isEqualTo(1);
    }

    @Test
    void mapsAsGraphiteExporterDoes() {
        store = store("""
                mappings:
                - match: test.dispatcher.*.*.*
                  name: dispatcher_events_total
                  labels: {action: $2, job: test_dispatcher, outcome: $3, processor: $1}
                - match: '*.signup.*.*'
                  name: signup_events_total
                  labels: {job: '${1}_server', outcome: $3, provider: $2}
                - match: servers\\.(.*)\\.networking\\.subnetworks\\.transmissions\\.([a-z0-9-]+)\\.(.*)
                  match_type: regex
                  name: servers_networking_transmissions_${3}
                  labels: {hostname: '${1}', device: '${2}'}
                - {match: no.*, name: x, action: drop}
                """, true);
        take("""
                test.dispatcher.FooProcessor.send.success 1 -1
                foo_product.signup.facebook.failure 2 -1
                servers.rack-003-server-c4de.networking.subnetworks.transmissions.eth0.failure 3 -1
                no.thing 4 -1
                other 5 -1
                """);

        assertThat(page()).isEqualTo("""
                dispatcher_events_total{action="send",job="test_dispatcher",outcome="success",processor="FooProcessor"} 1, \
                servers_networking_transmissions_failure{device="eth0",hostname="rack-003-server-c4de"} 3, \
                signup_events_total{job="foo_product_server",outcome="failure",provider="facebook"} 2""");
        assertThat(value("emberwatch_exporter_graphite_samples_dropped_total", "rule"))
                .isEqualTo(1);
        assertThat(value("emberwatch_exporter_graphite_samples_dropped_total", "unmapped"))
                .isEqualTo(1);
    }

    @Test
    void showsASampleUntilItIsTooOldByItsOwnTime() {
        take("a 1 999800\nb 1 1000000\nfuture 1 2000000\n");
        assertThat(page()).isEqualTo("a 1, b 1, future 1");
        clock.advance(Duration.ofSeconds(101));
        store.expire(clock.millis());
        assertThat(page()).isEqualTo("b 1, future 1");
        clock.advance(Duration.ofSeconds(200));
        store.expire(clock.millis());
        assertThat(page()).isEmpty();
    }

    // What python3's pickle.dumps([('a.b', (1000000, 1.5)), ('c;k=v', (1000000.5, -3)), ('d', (-1, 2**40))], PROTOCOL)
    // made.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void readsWhatPythonPickles(int protocol) throws IOException, InterruptedException {
        Path python = Path.of("/usr/bin/python3");
        Assumptions.assumeTrue(Files.isExecutable(python), "python3 is not installed");
        Process process = new ProcessBuilder(
                        python.toString(),
                        "-c",
                        "import pickle,base64;print(base64.b64encode(pickle.dumps([('a.b', (1000000, 1.5)),"
                                + "('c;k=v', (1000000.5, -3)), ['d', [-1, 2**40]], ('e', ('-1', '7')), ('bad',), ('f', (-1, True)),"
                                + " ('g', (-1, float('nan')))], " + protocol + ")).decode())")
                .start();
        byte[] pickle =
                Base64.getDecoder().decode(new String(process.getInputStream().readAllBytes(), UTF_8).trim());
        process.waitFor();
        new PickleReader(store, metrics, clock).take(pickle, 0, pickle.length);

        assertThat(page()).isEqualTo("a_b 1.5, c{k=\"v\"} -3, d 1099511627776, e 7, f 1");
        assertThat(value("emberwatch_exporter_graphite_samples_total", "")).isEqualTo(7);
        assertThat(value("emberwatch_exporter_graphite_samples_dropped_total", ""))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cos\nsystem\n(S'echo harm'\ntR.",
                "(lp0\n(S'a'\np1\n(I1\nI2\ntp2\ntp3\na",
                "(S'a'\n",
                "tttttt.",
                "]a.",
                "I1x\n.",
                "X\377\377\377\177abc.",
                "h\000.",
                "."
            })
    void refusesWhatIsNoListOfSamples(String pickle) {
        byte[] bytes = pickle.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        new PickleReader(store, metrics, clock).take(bytes, 0, bytes.length);

        assertThat(value("emberwatch_exporter_graphite_pickles_faulty_total", ""))
                .isEqualTo(1);
        assertThat(page()).isEmpty();
    }

    private GraphiteStore store(String mapping) {
        return store(mapping, false);
    }

    private GraphiteStore store(String mapping, boolean strict) {
        try {
            GraphiteConfig config = ConfigReader.parse("graphite.yml", "strict_match: " + strict, GraphiteConfig.class);
            Mapper mapper = new Mapper(
                    ConfigReader.parse("mapping.yml", mapping, io.emberwatch.exporter.mapping.MappingConfig.class));
            return new GraphiteStore(config, mapper, metrics);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void take(String lines) {
        byte[] bytes = lines.getBytes(UTF_8);
        new CarbonReader(store, metrics, clock, 1000).take(bytes, 0, bytes.length);
    }

    private String page() {
        return ExpositionWriter.toText(store.families(clock.millis()), TextFormat.PROMETHEUS_0_0_4)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining(", "));
    }

    private double value(String name, String reason) {
        return Registry.families(registry).stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.points().stream())
                .filter(point ->
                        reason.isEmpty() || point.key().labels().get("reason").equals(reason))
                .mapToDouble(point -> point.value())
                .sum();
    }
}
