package io.emberwatch.exporter.statsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.mapping.Mapper;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.metrics.Registry;
import io.emberwatch.testkit.ManualClock;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StatsdReaderTest {
    private final CollectorRegistry registry = new CollectorRegistry();
    private final StatsdMetrics metrics = new StatsdMetrics(registry);
    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_000_000));
    private StatsdStore store = store("{}");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `a.b:1|c`                          | `a_b 1`
            `a:1|c@x`                          | ``
            `a:3|c|@0.1`                       | `a 30`
            `a:1|c:2|c:5|c`                    | `a 8`
            `a:1|g; a:+5|g; a:-2|g`            | `a 4`
            `a:-2|g`                           | `a -2`
            `a:9|g; a:nan|g`                   | `a NaN`
            `a:250|ms`                         | `a{quantile="0.5"} 0.25, a{quantile="0.9"} 0.25, a{quantile="0.99"} 0.25, a_sum 0.25, a_count 1`
            `a:1:2:3|h|@0.5`                   | `a{quantile="0.5"} 2, a{quantile="0.9"} 3, a{quantile="0.99"} 3, a_sum 12, a_count 6`
            `a:1|d|@0.000000001`               | `a{quantile="0.5"} 1, a{quantile="0.9"} 1, a{quantile="0.99"} 1, a_sum 999999999.9999999, a_count 999999999.9999999`
            `a:x|s; a:y|s; a:x|s; a:z:q|s`     | `a 2`
            `a:1|c|#k:v,#l:w`                  | `a{k="v",l="w"} 1`
            `a:1|c|#k:v|@0.5`                  | `a{k="v"} 2`
            `a,k=v,l=w:1|c`                    | `a{k="v",l="w"} 1`
            `a#k=v:1|c`                        | `a{k="v"} 1`
            `a[k=v]b:1|c`                      | `ab{k="v"} 1`
            `a:1|c|#k-x:v:w`                   | `a{k_x="v:w"} 1`
            `a:1|c|c:abc`                      | `a{container_id="abc"} 1`
            `a:1|c|#k:v|c:abc|T1656581400`     | `a{container_id="abc",k="v"} 1`
            `a:1|c|#k`                         | `a 1`
            `a:1e3|c`                          | `a 1000`
            """)
    void readsWhatTheGrammarAllows(String lines, String expected) {
        take(lines.replace("; ", "\n"));

        assertThat(page()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `a`                     | malformed_line
            `:1|c`                  | malformed_line
            `a,k=v:1|c|#l:w`        | mixed_tagging_styles
            `a:1`                   | not_enough_parts_after_colon
            `a:1:2|c`               | invalid_extended_aggregate_type
            `a:1|c||`               | malformed_component
            `a:1|c|@1|@1|@1|@1|@1|@1|@1` | malformed_component
            `a:x|c`                 | malformed_value
            `a:|c`                  | malformed_value
            `a:nan|c`               | malformed_value
            `a:1|c|@x`              | invalid_sample_factor
            `a:1|c|@-1`             | invalid_sample_factor
            `a:1|c|@1e-309`         | invalid_sample_factor
            `a:1|c|x`               | invalid_sample_factor
            `a:1|c|c`               | malformed_container_id
            `a:1|c|T1x`             | malformed_timestamp
            `a:1|x`                 | illegal_event
            """)
    void countsWhatItDoesNotTakeInTheWordsOfStatsdExporter(String line, String reason) {
        take(line);

        assertThat(value("statsd_exporter_sample_errors_total", "reason", reason))
                .isEqualTo(1);
        assertThat(value("statsd_exporter_sample_errors_total", "", "")).isEqualTo(1);
        sumsComeOut();
    }

    // A carriage return at its end keeps a line from being taken for a plain one.
    @Test
    void readsPlainLinesAsAllOthers() {
        String[] bases = {"a.b:1.25|c", "a.b:-3|g", "a.b:250|ms|@0.1", "a.b:7|h", "a.b:+2|g|@0.5"};
        String characters = "0123456789.-+eE@|:#,[]cghdms_T \u00fc";
        Random random = new Random(20261121);
        for (int round = 0; round < 5000; round++) {
            String base = bases[random.nextInt(bases.length)];
            StringBuilder line = new StringBuilder(base);
            for (int i = random.nextInt(4); i > 0 && line.length() > 1; i--) {
                int at = random.nextInt(line.length());
                char c = characters.charAt(random.nextInt(characters.length()));
                switch (random.nextInt(3)) {
                    case 0 -> line.setCharAt(at, c);
                    case 1 -> line.insert(at, c);
                    default -> line.deleteCharAt(at);
                }
            }
            store = store("{}");
            take(base + "\n" + line + "\n" + line);
            String quick = page();
            store = store("{}");
            take(base + "\r\n" + line + "\r\n" + line + "\r");

            assertThat(quick).as("%s", line).isEqualTo(page());
        }
        sumsComeOut();
    }

    @Test
    void refusesLinesThatAreNotText() {
        byte[] line = {'a', (byte) 0xff, ':', '1', '|', 'c'};
        new StatsdReader(store, metrics, clock, 100).take(line, 0, line.length);

        assertThat(value("statsd_exporter_sample_errors_total", "reason", "malformed_line"))
                .isEqualTo(1);
    }

    @Test
    void mapsLabelsScalesAndDrops() {
        store = store("""
                mappings:
                - {match: "req.*.*", name: requests, labels: {code: $1, k: map}, help: Requests.}
                - {match: "own.*", name: own, labels: {k: map}, honor_labels: true}
                - {match: "t.*", name: took_seconds, observer_type: histogram, histogram_options: {buckets: [0.1, 1]}}
                - {match: "kb.*", name: "bytes", scale: 1000}
                - {match: "no.*", name: x, action: drop}
                - {match: "(.*)none", match_type: regex, name: "$1"}
                """);
        take(
                "req.200.x:1|c|#k:tag\nown.x:1|c|#k:tag\nt.a:100|ms|@0.5\nt.a:2000|ms\nkb.x:2|g\nno.x:1|c\nnone:1|c\nq:-1|c");

        assertThat(page()).isEqualTo("""
                bytes 2000, own{k="tag"} 1, requests{code="200",k="map"} 1, took_seconds_bucket{le="0.1"} 2, \
                took_seconds_bucket{le="1"} 2, took_seconds_bucket{le="+Inf"} 3, took_seconds_sum 2.2, took_seconds_count 3""");
        assertThat(value("statsd_exporter_events_actions_total", "action", "map"))
                .isEqualTo(5);
        assertThat(value("statsd_exporter_events_actions_total", "action", "drop"))
                .isEqualTo(1);
        assertThat(value("statsd_exporter_events_unmapped_total", "", "")).isEqualTo(1);
        assertThat(value("statsd_exporter_events_error_total", "reason", "empty_metric_name"))
                .isEqualTo(1);
        assertThat(value("statsd_exporter_events_error_total", "reason", "illegal_negative_counter"))
                .isEqualTo(1);
        assertThat(value("statsd_exporter_tags_total", "", "")).isEqualTo(2);
        sumsComeOut();
    }

    @Test
    void keepsOneTypePerMetric() {
        take("a:1|c\na:1|g\na:1|ms\na:x|s\na_count:1|c\nb:1|ms\nb_count:1|c\nc:1|g\nc:1|s");

        assertThat(value("statsd_exporter_events_conflict_total", "metric_name", "a"))
                .isEqualTo(3);
        assertThat(value("statsd_exporter_events_conflict_total", "metric_name", "b_count"))
                .isEqualTo(1);
        assertThat(value("statsd_exporter_events_conflict_total", "metric_name", "c"))
                .isEqualTo(1);
        sumsComeOut();
    }

    @Test
    void removesSeriesAfterTheTimeOfTheirRule() {
        store = store("mappings: [{match: 'a.*', name: a, labels: {x: $1}, ttl: 10s}]");
        take("a.1:1|c\nb:1|c");
        clock.advance(Duration.ofSeconds(6));
        take("a.2:1|c");
        clock.advance(Duration.ofSeconds(6));
        store.expire(clock.millis());
        assertThat(page()).isEqualTo("a{x=\"2\"} 1, b 1");

        take("a.1:1|c");
        assertThat(page()).contains("a{x=\"1\"} 1");
    }

    @Test
    void holdsNoMoreSeriesThanItsLimit() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            lines.append("m").append(i).append(":1|c\n");
        }
        take(lines.toString());

        assertThat(page().split(", ", -1)).hasSize(100);
        assertThat(value("emberwatch_exporter_statsd_samples_dropped_total", "reason", "series_limit"))
                .isEqualTo(900);
        sumsComeOut();
    }

    @Test
    void countsEventsAndShowsServiceChecks() {
        take("_e{5,4}:title|text|t:error|#k:v\n_sc|db up|2|h:web1|#k:v|m:gone\n_sc|x|9\n_e:1|c");

        assertThat(page()).isEqualTo("_e 1, statsd_service_check{check=\"db up\",host=\"web1\",k=\"v\"} 2");
        assertThat(value("emberwatch_exporter_statsd_events_total", "alert_type", "error"))
                .isEqualTo(1);
        assertThat(value("emberwatch_exporter_statsd_service_checks_total", "status", "critical"))
                .isEqualTo(1);
    }

    @Test
    void countsTheStringsOfASetByWindow() {
        take("users:a|s\nusers:b|s\nusers:a|s");
        assertThat(page()).isEqualTo("users 2");
        clock.advance(Duration.ofMinutes(1));
        take("users:c|s");
        assertThat(page()).isEqualTo("users 2");
        clock.advance(Duration.ofMinutes(1));
        assertThat(page()).isEqualTo("users 1");
    }

    private StatsdStore store(String mapping) {
        try {
            StatsdConfig config = ConfigReader.parse(
                    "statsd.yml", "{max_series: 100, max_series_per_metric: 100}", StatsdConfig.class);
            Mapper mapper = new Mapper(
                    ConfigReader.parse("mapping.yml", mapping, io.emberwatch.exporter.mapping.MappingConfig.class));
            return new StatsdStore(config, mapper, metrics);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void take(String lines) {
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        new StatsdReader(store, metrics, clock, 1000).take(bytes, 0, bytes.length);
    }

    private String page() {
        return ExpositionWriter.toText(store.families(clock.millis()), TextFormat.PROMETHEUS_0_0_4)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining(", "));
    }

    private void sumsComeOut() {
        assertThat(value("statsd_exporter_lines_total", "", ""))
                .isEqualTo(value("emberwatch_exporter_statsd_lines_read_total", "", "")
                        + value("emberwatch_exporter_statsd_lines_dropped_total", "", ""));
        assertThat(value("statsd_exporter_samples_total", "", ""))
                .isEqualTo(value("emberwatch_exporter_statsd_samples_stored_total", "", "")
                        + value("emberwatch_exporter_statsd_samples_dropped_total", "", ""));
    }

    private double value(String name, String label, String wanted) {
        return Registry.families(registry).stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.points().stream())
                .filter(point ->
                        label.isEmpty() || point.key().labels().get(label).equals(wanted))
                .mapToDouble(point -> point.value())
                .sum();
    }
}
