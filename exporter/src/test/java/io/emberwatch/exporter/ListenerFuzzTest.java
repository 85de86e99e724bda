package io.emberwatch.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.emberwatch.exporter.graphite.GraphiteConfig;
import io.emberwatch.exporter.graphite.GraphitePart;
import io.emberwatch.exporter.lineprotocol.InfluxConfig;
import io.emberwatch.exporter.lineprotocol.InfluxPart;
import io.emberwatch.exporter.listen.ListenMetrics;
import io.emberwatch.exporter.listen.Receiver;
import io.emberwatch.exporter.statsd.StatsdConfig;
import io.emberwatch.exporter.statsd.StatsdPart;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.ParseException;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.metrics.Registry;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever arrives, the page can be read, the counters add up, and nothing but the lines is lost. Run with {@code
 * JAZZER_FUZZ=1} to search; otherwise the seeds are replayed.
 */
final class ListenerFuzzTest {
    private static final int ROUNDS = 400;
    private static final String[] STATSD = {
        "a",
        "b.c",
        ":",
        "|",
        "c",
        "g",
        "ms",
        "h",
        "d",
        "s",
        "@",
        "0.1",
        "1e-9",
        "-",
        "+",
        "#",
        "k:v",
        ",",
        "[",
        "]",
        "=",
        "1",
        "250",
        "nan",
        "inf",
        "\n",
        "\n",
        "_e{",
        "_sc|",
        "T",
        "c:",
        "\u00fc",
        "le",
        "quantile",
        "__name__",
        "a_sum"
    };
    private static final String[] INFLUX = {
        "m",
        ",",
        "t",
        "=",
        "v",
        " ",
        "f",
        "=",
        "1",
        "2i",
        "3u",
        "t",
        "\"",
        "\\",
        "\n",
        "\n",
        "#",
        "\r",
        "-",
        "1e400",
        "\u00fc",
        "__name__",
        "value",
        "9",
        "170000000"
    };
    private static final String[] CARBON = {
        "a.b",
        ";k=v",
        " ",
        "\t",
        "1",
        "1.5",
        "nan",
        "-1",
        "inf",
        "1000000",
        "\n",
        "\n",
        "\r",
        "~",
        "!",
        "x y",
        "\u00fc",
        "__name__"
    };

    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_000_000));
    private final ServiceContext context =
            new ServiceContext(clock, new ManualScheduler(clock), Path.of("data"), Path.of("."));
    private final CollectorRegistry registry = new CollectorRegistry();
    private final List<Receiver> receivers = new ArrayList<>();
    private final List<SampleSource> sources = new ArrayList<>();

    @FuzzTest(maxDuration = "60s")
    void whateverArrivesCostsNothingButItself(byte[] text) throws IOException, ParseException {
        check(text);
    }

    @Test
    void mixturesOfEveryPartOfEveryGrammar() throws Exception {
        Random random = new Random(20261121);
        for (String[] parts : List.of(STATSD, INFLUX, CARBON)) {
            for (int round = 0; round < ROUNDS; round++) {
                StringBuilder text = new StringBuilder();
                int length = random.nextInt(200);
                for (int i = 0; i < length; i++) {
                    text.append(parts[random.nextInt(parts.length)]);
                }
                byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
                if (random.nextInt(4) == 0 && bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                check(bytes);
            }
        }
        for (SampleSource source : sources) {
            List<MetricFamily> families = source.collect(Deadline.after(Duration.ZERO));
            assertThat(families).isNotEmpty();
            assertThat(Promtool.lint(ExpositionWriter.toText(families, TextFormat.PROMETHEUS_0_0_4)))
                    .isNotNull();
        }
    }

    @BeforeEach
    void make() throws ConfigException {
        ListenMetrics listening = new ListenMetrics(registry);
        InfluxPart influx = new InfluxPart(
                ConfigReader.parse("i", "{http: true, max_series: 50, max_line: 300}", InfluxConfig.class),
                context,
                registry,
                listening);
        StatsdPart statsd = new StatsdPart(
                ConfigReader.parse(
                        "s",
                        "{max_series: 50, max_line: 300, mapping: {mappings: [{match: a.*, name: '$1', labels: {le: $1}},"
                                + " {match: b.*, name: x, action: drop}]}}",
                        StatsdConfig.class),
                context,
                registry,
                listening);
        GraphitePart graphite = new GraphitePart(
                ConfigReader.parse("g", "{max_series: 50, max_line: 300}", GraphiteConfig.class),
                context,
                registry,
                listening);
        receivers.addAll(
                List.of(influx.receiver("fuzz"), statsd.receiver(), graphite.receiver(), graphite.pickleReceiver()));
        sources.addAll(List.of(influx, statsd, graphite));
    }

    private void check(byte[] text) throws IOException, ParseException {
        for (Receiver receiver : receivers) {
            byte[] copy = text.clone();
            receiver.take(copy, 0, copy.length);
        }
        for (SampleSource source : sources) {
            List<MetricFamily> families = source.collect(Deadline.after(Duration.ZERO));
            for (TextFormat format : TextFormat.values()) {
                byte[] page = ExpositionWriter.toText(families, format).getBytes(StandardCharsets.UTF_8);
                assertThat(ExpositionParser.parseFamilies(page, format)).hasSameSizeAs(families);
            }
        }
        addsUp(
                "emberwatch_exporter_influx_lines_total",
                "emberwatch_exporter_influx_lines_stored_total",
                "emberwatch_exporter_influx_lines_dropped_total");
        addsUp(
                "emberwatch_exporter_influx_values_total",
                "emberwatch_exporter_influx_values_stored_total",
                "emberwatch_exporter_influx_values_dropped_total");
        addsUp(
                "statsd_exporter_lines_total",
                "emberwatch_exporter_statsd_lines_read_total",
                "emberwatch_exporter_statsd_lines_dropped_total");
        addsUp(
                "statsd_exporter_samples_total",
                "emberwatch_exporter_statsd_samples_stored_total",
                "emberwatch_exporter_statsd_samples_dropped_total");
        addsUp(
                "emberwatch_exporter_graphite_samples_total",
                "emberwatch_exporter_graphite_samples_stored_total",
                "emberwatch_exporter_graphite_samples_dropped_total");
    }

    private void addsUp(String all, String stored, String dropped) {
        assertThat(value(stored) + value(dropped)).as(all).isEqualTo(value(all));
    }

    private double value(String name) {
        return Registry.families(registry).stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.points().stream())
                .mapToDouble(point -> point.value())
                .sum();
    }
}
