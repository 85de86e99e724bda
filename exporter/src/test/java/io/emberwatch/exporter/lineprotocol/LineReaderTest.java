package io.emberwatch.exporter.lineprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.exporter.series.SeriesLimits;
import io.emberwatch.model.Labels;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.metrics.Registry;
import io.emberwatch.testkit.ManualClock;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;

final class LineReaderTest {
    private final CollectorRegistry registry = new CollectorRegistry();
    private final InfluxMetrics metrics = new InfluxMetrics(registry);
    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1000));
    private final List<String> forwarded = new ArrayList<>();
    private boolean sinkHasRoom = true;

    @Test
    void namesSeriesAsInfluxdbExporterDoes() {
        LineStore store = store(100);
        take(reader(store), """
                cpu,host=a\\ b,my-tag=x load=0.5,n=3i,u=18446744073709551615u,up=t,what="text"
                5xx,1st=v value=7
                grüße,__name__=no value=1,größe=2
                """);

        assertThat(page(store)).isEqualTo("""
                # HELP _5xx InfluxDB Metric
                # TYPE _5xx untyped
                _5xx{_1st="v"} 7
                # HELP cpu_load InfluxDB Metric
                # TYPE cpu_load untyped
                cpu_load{host="a b",my_tag="x"} 0.5
                # HELP cpu_n InfluxDB Metric
                # TYPE cpu_n untyped
                cpu_n{host="a b",my_tag="x"} 3
                # HELP cpu_u InfluxDB Metric
                # TYPE cpu_u untyped
                cpu_u{host="a b",my_tag="x"} 18446744073709552000
                # HELP cpu_up InfluxDB Metric
                # TYPE cpu_up untyped
                cpu_up{host="a b",my_tag="x"} 1
                # HELP gr__e InfluxDB Metric
                # TYPE gr__e untyped
                gr__e 1
                # HELP gr__e_gr__e InfluxDB Metric
                # TYPE gr__e_gr__e untyped
                gr__e_gr__e 2
                """);
    }

    @Test
    void followsFieldsThatComeInAnotherOrderOrOnlySometimes() {
        LineStore store = store(100);
        LineReader reader = reader(store);
        take(reader, "m,t=1 a=1,b=2,c=3\nm,t=1 c=30,a=10\nm,t=1 d=4,b=20\nm,t=2 b=5,a=6\n");

        Labels one = Labels.of("t", "1");
        assertThat(List.of(
                        store.value("m_a", one),
                        store.value("m_b", one),
                        store.value("m_c", one),
                        store.value("m_d", one)))
                .containsExactly(10.0, 20.0, 30.0, 4.0);
        assertThat(store.value("m_a", Labels.of("t", "2"))).isEqualTo(6);
    }

    // A blank before a line keeps it from being taken for one that is known.
    @Test
    void readsKnownLinesAsTheStrictScannerDoes() {
        String base = "cpu,host=a,core=0 user=1.25,n=7i,idle=-0.5 1700000000000000000\n";
        String characters = "0123456789.-ie,= \\\"\n#\rtu";
        Random random = new Random(20261121);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder line = new StringBuilder(base);
            for (int i = random.nextInt(4); i > 0; i--) {
                int at = random.nextInt(line.length());
                char c = characters.charAt(random.nextInt(characters.length()));
                switch (random.nextInt(3)) {
                    case 0 -> line.setCharAt(at, c);
                    case 1 -> line.insert(at, c);
                    default -> line.deleteCharAt(at);
                }
            }
            LineStore quick = store(100);
            LineReader quickReader = reader(quick);
            take(quickReader, base + line);
            LineStore strict = store(100);
            LineReader strictReader = reader(strict);
            take(strictReader, " " + base + " " + line);

            assertThat(page(quick)).as("%s", line).isEqualTo(page(strict));
            assertThat(quickReader.faults()).as("%s", line).isEqualTo(strictReader.faults());
        }
    }

    @Test
    void readsNumbersOfKnownLinesAsJavaDoes() {
        LineStore store = store(100);
        LineReader reader = reader(store);
        take(reader, "m f=1\n");
        Random random = new Random(20261121);
        for (int round = 0; round < 20_000; round++) {
            String number = (random.nextBoolean() ? "-" : "")
                    + digits(random, 1 + random.nextInt(9))
                    + (random.nextInt(4) == 0 ? "" : "." + digits(random, random.nextInt(9)));
            take(reader, "m f=" + number + (random.nextBoolean() ? " 1700000000" + digits(random, 9) : "") + "\n");

            assertThat(store.value("m_f", Labels.EMPTY)).as(number).isEqualTo(Double.parseDouble(number));
        }
        assertThat(reader.faults()).isZero();
    }

    private static String digits(Random random, int count) {
        return random.ints(count, 0, 10).mapToObj(String::valueOf).collect(Collectors.joining());
    }

    @Test
    void accountsForEveryLineAndValue() {
        LineStore store = store(3);
        take(reader(store), """
                # a comment

                m,t=1 a=1,b=2,s="x"
                m,t=2 a=1,b=2
                m,t=3 a=1
                m s="only text"
                broken
                m,t=1,t=1 a=1
                m a=1e999
                """);

        assertThat(value("lines_total")).isEqualTo(7);
        assertThat(value("lines_stored_total")).isEqualTo(2);
        assertThat(dropped("no_value_stored")).isEqualTo(2);
        assertThat(dropped("fields_missing")).isEqualTo(1);
        assertThat(dropped("duplicate_tag")).isEqualTo(1);
        assertThat(dropped("out_of_range")).isEqualTo(1);
        assertThat(dropped("utf8")).isZero();
        assertThat(value("values_total")).isEqualTo(7);
        assertThat(value("values_stored_total")).isEqualTo(3);
        assertThat(valuesDropped("series_limit")).isEqualTo(2);
        assertThat(valuesDropped("string")).isEqualTo(2);
    }

    @Test
    void takesRefusedSeriesOnceThereIsRoom() {
        LineStore store = store(1);
        LineReader reader = reader(store);
        take(reader, "old v=1\n");
        clock.advance(Duration.ofSeconds(11));
        take(reader, "new v=1\n");
        assertThat(store.value("new_v", Labels.EMPTY)).isNaN();

        store.expire(clock.millis());
        take(reader, "new v=2\n");

        assertThat(store.value("new_v", Labels.EMPTY)).isEqualTo(2);
        assertThat(store.value("old_v", Labels.EMPTY)).isNaN();
    }

    @Test
    void keepsASeriesThatIsWrittenInTwoWaysAsOne() {
        LineStore store = store(100);
        take(reader(store), "m,a=1,b=2 v=1\nm,b=2,a=1 v=2\n");

        assertThat(page(store)).contains("m_v{a=\"1\",b=\"2\"} 2\n");
        assertThat(store.series()).isEqualTo(1);
    }

    @Test
    void takesALineFeedWithinAStringOnlyWhereTheTextHasAnEnd() {
        LineStore store = store(100);
        LineReader reader = reader(store);
        take(reader, "a s=\"one\ntwo\",v=1\nb v=1\n");
        assertThat(reader.faults()).isZero();
        assertThat(store.value("a_v", Labels.EMPTY)).isEqualTo(1);

        byte[] stream = bytes("c s=\"one\ntwo\",v=1\nd v=1\n");
        reader.takeLines(stream, 0, stream.length);
        assertThat(reader.faults()).isEqualTo(2);
        assertThat(store.value("c_v", Labels.EMPTY)).isNaN();
        assertThat(store.value("d_v", Labels.EMPTY)).isEqualTo(1);
    }

    @Test
    void readsATextInPartsAsInOne() {
        String text = "a s=\"one\ntwo\",v=1\nb v=1\nbroken\nc s=\"open,v=1\nd v=1";
        for (int size = 1; size < text.length(); size++) {
            LineStore store = store(100);
            LineReader reader = reader(store);
            byte[] all = bytes(text);
            int begin = 0;
            for (int end = 0; end < all.length; ) {
                end = Math.min(all.length, end + size);
                begin = reader.takePart(all, begin, end, 1, end == all.length);
            }

            assertThat(reader.good()).as("pieces of %d", size).isEqualTo(3);
            assertThat(reader.faults()).isEqualTo(2);
        }
    }

    @Test
    void forwardsGoodLinesWithTheirTimesInNanoseconds() {
        LineStore store = store(100);
        LineForwarder forwarder = forwarder();
        LineReader reader = reader(store, forwarder);
        byte[] seconds = bytes("m,t=1 v=1 5\nbroken\nm s=\"x\"\nm v=1 -3\nm v=1 9999999999999\n");
        reader.takeText(seconds, 0, seconds.length, 1_000_000_000);

        assertThat(forwarder.flush()).isTrue();
        assertThat(forwarded).containsExactly("m,t=1 v=1 5000000000\nm s=\"x\" 1000000000000\nm v=1 -3000000000\n");
        assertThat(value("lines_forwarded_total")).isEqualTo(3);
        assertThat(dropped("timestamp_range")).isEqualTo(1);

        sinkHasRoom = false;
        take(reader, "m v=2\n");
        assertThat(forwarder.flush()).isFalse();
        assertThat(value("lines_forward_lost_total")).isEqualTo(1);
    }

    @Test
    void takesAndRefusesWhatThePublishedVectorsSay() throws IOException {
        String folder = System.getenv("EMBERWATCH_CORPUS");
        Assumptions.assumeThat(folder).as("EMBERWATCH_CORPUS is not set").isNotNull();
        JsonNode vectors = new ObjectMapper()
                .readTree(Path.of(folder, "lineprotocol", "corpus-half.json").toFile())
                .get("decode");
        List<String> differences = new ArrayList<>();
        for (JsonNode vector : vectors) {
            JsonNode text = vector.get("input").get("text");
            byte[] in = text.isTextual()
                    ? bytes(text.textValue())
                    : text.get("binary").binaryValue();
            JsonNode result = vector.get("output").get("result");
            LineReader reader = reader(store(100));
            reader.takeText(in, 0, in.length, 1);
            boolean same =
                    result == null ? reader.faults() > 0 : reader.faults() == 0 && reader.good() == result.size();
            if (!same) {
                differences.add(text.toString());
            }
        }

        assertThat(vectors).hasSizeGreaterThan(3000);
        assertThat(differences).isEmpty();
    }

    private static LineStore store(int series) {
        return new LineStore(new SeriesLimits(series, series), 10_000, false);
    }

    private LineForwarder forwarder() {
        return new LineForwarder(
                (lines, from, to, count, deadline) -> {
                    if (sinkHasRoom) {
                        forwarded.add(new String(lines, from, to - from, StandardCharsets.UTF_8));
                    }
                    return sinkHasRoom;
                },
                metrics,
                Duration.ZERO);
    }

    private LineReader reader(LineStore store) {
        return reader(store, new LineForwarder(null, metrics, Duration.ZERO));
    }

    private LineReader reader(LineStore store, LineForwarder forwarder) {
        return new LineReader(store, forwarder, metrics.listener("here"), clock, 64 << 10);
    }

    private static void take(LineReader reader, String text) {
        reader.takeText(bytes(text), 0, length(text), 1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int length(String text) {
        return bytes(text).length;
    }

    private String page(LineStore store) {
        return ExpositionWriter.toText(store.families(clock.millis()), TextFormat.PROMETHEUS_0_0_4);
    }

    private double value(String name) {
        return sum("emberwatch_exporter_influx_" + name, "");
    }

    private double dropped(String reason) {
        return sum("emberwatch_exporter_influx_lines_dropped_total", reason);
    }

    private double valuesDropped(String reason) {
        return sum("emberwatch_exporter_influx_values_dropped_total", reason);
    }

    private double sum(String name, String reason) {
        return Registry.families(registry).stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.points().stream())
                .filter(point -> point.key().labels().get("reason").equals(reason))
                .mapToDouble(point -> point.value())
                .sum();
    }
}
