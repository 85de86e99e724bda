package io.emberwatch.model.text;

import static io.emberwatch.model.text.TextFormat.OPENMETRICS_1_0;
import static io.emberwatch.model.text.TextFormat.PROMETHEUS_0_0_4;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.Staleness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpositionWriterTest {
    private static final List<MetricFamily> EVERY_TYPE = List.of(
            MetricFamily.of(
                    "http_requests_total",
                    MetricType.COUNTER,
                    "Requests by \"code\",\nall of them; C:\\.",
                    List.of(
                            MetricPoint.of("http_requests_total", Labels.of("code", "200", "method", "GET"), 1234567),
                            new MetricPoint(
                                    SeriesKey.of("http_requests_total", Labels.of("code", "500", "method", "GET")),
                                    3,
                                    1_520_879_607_789L))),
            MetricFamily.counter("nginx_connections_accepted", "Without the suffix.", 17),
            new MetricFamily(
                    "room_temperature_celsius",
                    MetricType.GAUGE,
                    "",
                    "celsius",
                    List.of(MetricPoint.of("room_temperature_celsius", Labels.EMPTY, -0.5))),
            new MetricFamily(
                    "rpc_seconds",
                    MetricType.HISTOGRAM,
                    "How long.",
                    "seconds",
                    List.of(
                            MetricPoint.of("rpc_seconds_bucket", Labels.of("le", "0.1"), 3),
                            MetricPoint.of("rpc_seconds_bucket", Labels.of("le", "1"), 4),
                            MetricPoint.of("rpc_seconds_bucket", Labels.of("le", "+Inf"), 5),
                            MetricPoint.of("rpc_seconds_sum", Labels.EMPTY, 10.25),
                            MetricPoint.of("rpc_seconds_count", Labels.EMPTY, 5))),
            MetricFamily.of(
                    "gc_seconds",
                    MetricType.SUMMARY,
                    "Pauses.",
                    List.of(
                            MetricPoint.of("gc_seconds", Labels.of("quantile", "0.5"), Double.NaN),
                            MetricPoint.of("gc_seconds_sum", Labels.EMPTY, 1e-9),
                            MetricPoint.of("gc_seconds_count", Labels.EMPTY, 1e100))),
            MetricFamily.of(
                    "build_info",
                    MetricType.INFO,
                    "The build.",
                    List.of(MetricPoint.of("build_info", Labels.of("version", "1.2"), 1))),
            MetricFamily.of(
                    "mode",
                    MetricType.STATESET,
                    "On or off.",
                    List.of(
                            MetricPoint.of("mode", Labels.of("mode", "on"), 1),
                            MetricPoint.of("mode", Labels.of("mode", "off"), 0))),
            MetricFamily.of(
                    "queue_age",
                    MetricType.GAUGE_HISTOGRAM,
                    "Ages.",
                    List.of(
                            MetricPoint.of("queue_age_bucket", Labels.of("le", "+Inf"), 2),
                            MetricPoint.of("queue_age_gsum", Labels.EMPTY, 7),
                            MetricPoint.of("queue_age_gcount", Labels.EMPTY, 2))),
            MetricFamily.of(
                    "anything",
                    MetricType.UNKNOWN,
                    "Who knows.",
                    List.of(MetricPoint.of("anything", Labels.of("où", "là"), Double.POSITIVE_INFINITY))));

    @Test
    void writesEveryTypeInPlainText() {
        assertThat(ExpositionWriter.toText(EVERY_TYPE, PROMETHEUS_0_0_4)).isEqualTo("""
                        # HELP http_requests_total Requests by "code",\\nall of them; C:\\\\.
                        # TYPE http_requests_total counter
                        http_requests_total{code="200",method="GET"} 1234567
                        http_requests_total{code="500",method="GET"} 3 1520879607789
                        # HELP nginx_connections_accepted Without the suffix.
                        # TYPE nginx_connections_accepted counter
                        nginx_connections_accepted 17
                        # TYPE room_temperature_celsius gauge
                        room_temperature_celsius -0.5
                        # HELP rpc_seconds How long.
                        # TYPE rpc_seconds histogram
                        rpc_seconds_bucket{le="0.1"} 3
                        rpc_seconds_bucket{le="1"} 4
                        rpc_seconds_bucket{le="+Inf"} 5
                        rpc_seconds_sum 10.25
                        rpc_seconds_count 5
                        # HELP gc_seconds Pauses.
                        # TYPE gc_seconds summary
                        gc_seconds{quantile="0.5"} NaN
                        gc_seconds_sum 1e-09
                        gc_seconds_count 1e+100
                        # HELP build_info The build.
                        # TYPE build_info gauge
                        build_info{version="1.2"} 1
                        # HELP mode On or off.
                        # TYPE mode gauge
                        mode{mode="on"} 1
                        mode{mode="off"} 0
                        # HELP queue_age Ages.
                        # TYPE queue_age untyped
                        queue_age_bucket{le="+Inf"} 2
                        queue_age_gsum 7
                        queue_age_gcount 2
                        # HELP anything Who knows.
                        # TYPE anything untyped
                        anything{o_="là"} +Inf
                        """);
    }

    @Test
    void writesEveryTypeInOpenMetrics() {
        assertThat(ExpositionWriter.toText(EVERY_TYPE, OPENMETRICS_1_0)).isEqualTo("""
                        # TYPE http_requests counter
                        # HELP http_requests Requests by \\"code\\",\\nall of them; C:\\\\.
                        http_requests_total{code="200",method="GET"} 1234567
                        http_requests_total{code="500",method="GET"} 3 1520879607.789
                        # TYPE nginx_connections_accepted unknown
                        # HELP nginx_connections_accepted Without the suffix.
                        nginx_connections_accepted 17
                        # TYPE room_temperature_celsius gauge
                        # UNIT room_temperature_celsius celsius
                        room_temperature_celsius -0.5
                        # TYPE rpc_seconds histogram
                        # UNIT rpc_seconds seconds
                        # HELP rpc_seconds How long.
                        rpc_seconds_bucket{le="0.1"} 3
                        rpc_seconds_bucket{le="1"} 4
                        rpc_seconds_bucket{le="+Inf"} 5
                        rpc_seconds_sum 10.25
                        rpc_seconds_count 5
                        # TYPE gc_seconds summary
                        # HELP gc_seconds Pauses.
                        gc_seconds{quantile="0.5"} NaN
                        gc_seconds_sum 1e-09
                        gc_seconds_count 1e+100
                        # TYPE build info
                        # HELP build The build.
                        build_info{version="1.2"} 1
                        # TYPE mode stateset
                        # HELP mode On or off.
                        mode{mode="on"} 1
                        mode{mode="off"} 0
                        # TYPE queue_age gaugehistogram
                        # HELP queue_age Ages.
                        queue_age_bucket{le="+Inf"} 2
                        queue_age_gsum 7
                        queue_age_gcount 2
                        # TYPE anything unknown
                        # HELP anything Who knows.
                        anything{o_="là"} +Inf
                        # EOF
                        """);
    }

    @Test
    void everyTypeFollowsTheRulesOfBothFormats() throws ParseException {
        for (TextFormat format : TextFormat.values()) {
            ExpositionParser.check(ExpositionWriter.toText(EVERY_TYPE, format).getBytes(UTF_8), format);
        }
    }

    @Test
    void nothingIsAnEmptyPageOrTheEndMark() {
        assertThat(ExpositionWriter.toText(List.of(), PROMETHEUS_0_0_4)).isEmpty();
        assertThat(ExpositionWriter.toText(List.of(), OPENMETRICS_1_0)).isEqualTo("# EOF\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "1, 1",
        "-17, -17",
        "1234567, 1234567",
        "9007199254740991, 9007199254740991",
        "9007199254740993, 9007199254740992",
        "123456789012345678, 123456789012345680",
        "1e20, 100000000000000000000",
        "1e21, 1e+21",
        "1e23, 1e+23",
        "0.1, 0.1",
        "98.6, 98.6",
        "1435065584.128, 1435065584.128",
        "0.000001, 0.000001",
        "0.00000015, 1.5e-07",
        "5e-324, 5e-324",
        "2.2250738585072014E-308, 2.2250738585072014e-308",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "NaN, NaN",
        "Infinity, +Inf",
        "-Infinity, -Inf",
    })
    void writesValuesPlainlyUnlessVeryLargeOrSmall(double value, String text) {
        assertThat(ExpositionWriter.toText(List.of(MetricFamily.gauge("x", "", value)), PROMETHEUS_0_0_4))
                .isEqualTo("# TYPE x gauge\nx " + text + "\n");
    }

    @Test
    void aStaleMarkerLeavesTheHouseAsAnOrdinaryNan() {
        assertThat(page(PROMETHEUS_0_0_4, MetricPoint.of("x", Labels.EMPTY, Staleness.STALE_NAN)))
                .isEqualTo("# TYPE x gauge\nx NaN\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "5, 5, 0.005",
        "50, 50, 0.05",
        "1500, 1500, 1.5",
        "1520879607789, 1520879607789, 1520879607.789"
    })
    void writesTimestampsInMillisecondsOrSeconds(long timestamp, String millis, String seconds) {
        MetricPoint point = new MetricPoint(SeriesKey.of("x", Labels.EMPTY), 1, timestamp);

        assertThat(page(PROMETHEUS_0_0_4, point)).isEqualTo("# TYPE x gauge\nx 1 " + millis + "\n");
        assertThat(page(OPENMETRICS_1_0, point)).isEqualTo("# TYPE x gauge\nx 1 " + seconds + "\n# EOF\n");
    }

    @Test
    void leavesOutSamplesFromBefore1970() {
        MetricPoint point = new MetricPoint(SeriesKey.of("x", Labels.EMPTY), 1, -1);

        assertThat(page(PROMETHEUS_0_0_4, point)).isEqualTo("# TYPE x gauge\n");
        assertThat(page(OPENMETRICS_1_0, point)).isEqualTo("# TYPE x gauge\n# EOF\n");
    }

    @Test
    void makesNamesValid() {
        MetricPoint point = MetricPoint.of("1.2:a-b", Labels.of("a.b", "1", "a:b", "2", "a_b", "3", "é", "4"), 5);
        MetricFamily family = MetricFamily.of("1.2:a-b", MetricType.GAUGE, "", List.of(point));

        assertThat(ExpositionWriter.toText(List.of(family), PROMETHEUS_0_0_4)).isEqualTo("""
                        # TYPE _1_2:a_b gauge
                        _1_2:a_b{a_b_="1",a_b__="2",a_b="3",_="4"} 5
                        """);
    }

    @Test
    void aLabelMadeValidNeverBecomesTheMetricName() {
        MetricPoint point = MetricPoint.of("x", Labels.of("__name-_", "y"), 5);

        assertThat(page(PROMETHEUS_0_0_4, point)).isEqualTo("# TYPE x gauge\nx{__name___=\"y\"} 5\n");
    }

    @Test
    void escapesLabelValues() {
        MetricPoint point = MetricPoint.of("x", Labels.of("v", "\\ \" \n \t\r é 😀 \0"), 1);

        assertThat(page(PROMETHEUS_0_0_4, point)).isEqualTo("# TYPE x gauge\nx{v=\"\\\\ \\\" \\n \t\r é 😀 \0\"} 1\n");
    }

    @Test
    void keepsTheRenderedSeriesForTheNextPage() {
        SeriesKey key = SeriesKey.of("x", Labels.of("a", "b"));
        page(OPENMETRICS_1_0, MetricPoint.of(key, 1));
        byte[] kept = key.text();

        assertThat(kept).isEqualTo("x{a=\"b\"} ".getBytes(UTF_8));
        assertThat(page(PROMETHEUS_0_0_4, MetricPoint.of(key, 2))).isEqualTo("# TYPE x gauge\nx{a=\"b\"} 2\n");
        assertThat(key.text()).isSameAs(kept);
    }

    @Test
    void aCounterWhoseShortNameIsTakenKeepsItsLongNameInOpenMetrics() {
        List<MetricFamily> families = List.of(
                MetricFamily.counter("go_memstats_alloc_bytes_total", "", 2),
                MetricFamily.gauge("go_memstats_alloc_bytes", "", 1));

        assertThat(ExpositionWriter.toText(families, OPENMETRICS_1_0)).isEqualTo("""
                        # TYPE go_memstats_alloc_bytes_total unknown
                        go_memstats_alloc_bytes_total 2
                        # TYPE go_memstats_alloc_bytes gauge
                        go_memstats_alloc_bytes 1
                        # EOF
                        """);
    }

    @Test
    void anInfoWithoutItsSuffixIsUnknownInOpenMetrics() {
        MetricFamily family =
                MetricFamily.of("build", MetricType.INFO, "", List.of(MetricPoint.of("build", Labels.EMPTY, 1)));

        assertThat(ExpositionWriter.toText(List.of(family), OPENMETRICS_1_0))
                .isEqualTo("# TYPE build unknown\nbuild 1\n# EOF\n");
    }

    @Test
    void aStatesetWithoutItsLabelIsUnknownInOpenMetrics() {
        MetricFamily family =
                MetricFamily.of("mode", MetricType.STATESET, "", List.of(MetricPoint.of("mode", Labels.EMPTY, 1)));

        assertThat(ExpositionWriter.toText(List.of(family), OPENMETRICS_1_0))
                .isEqualTo("# TYPE mode unknown\nmode 1\n# EOF\n");
    }

    @Test
    void samplesThatDoNotBelongToTheirFamilyFollowIt() {
        MetricFamily family = MetricFamily.of(
                "x_total",
                MetricType.COUNTER,
                "",
                List.of(
                        MetricPoint.of("x_total", Labels.of("a", "1"), 1),
                        MetricPoint.of("x_created", Labels.of("a", "1"), 100),
                        MetricPoint.of("x_total", Labels.of("a", "2"), 2),
                        MetricPoint.of("x_created", Labels.of("a", "2"), 200)));

        assertThat(ExpositionWriter.toText(List.of(family), PROMETHEUS_0_0_4)).isEqualTo("""
                        # TYPE x_total counter
                        x_total{a="1"} 1
                        x_total{a="2"} 2
                        x_created{a="1"} 100
                        x_created{a="2"} 200
                        """);
        assertThat(ExpositionWriter.toText(List.of(family), OPENMETRICS_1_0)).isEqualTo("""
                        # TYPE x counter
                        x_total{a="1"} 1
                        x_created{a="1"} 100
                        x_total{a="2"} 2
                        x_created{a="2"} 200
                        # EOF
                        """);
    }

    @Test
    void leavesOutUnitsThatTheNameDoesNotEndWith() {
        MetricFamily family = new MetricFamily(
                "room", MetricType.GAUGE, "", "celsius", List.of(MetricPoint.of("room", Labels.EMPTY, 20)));

        assertThat(ExpositionWriter.toText(List.of(family), OPENMETRICS_1_0))
                .isEqualTo("# TYPE room gauge\nroom 20\n# EOF\n");
    }

    @Test
    void writesLongPagesInPieces() throws IOException {
        List<MetricPoint> points = IntStream.range(0, 10_000)
                .mapToObj(i -> MetricPoint.of("x", Labels.of("i", String.valueOf(i)), i))
                .toList();
        int[] writes = new int[1];
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int offset, int length) {
                writes[0]++;
                super.write(bytes, offset, length);
            }
        };

        ExpositionWriter.write(List.of(MetricFamily.of("x", MetricType.GAUGE, "", points)), PROMETHEUS_0_0_4, out);

        assertThat(writes[0]).isBetween(10, 100);
        assertThat(out.toString(UTF_8).lines()).hasSize(10_001).endsWith("x{i=\"9999\"} 9999");
    }

    @Test
    void failsOnlyAsItsOutputDoes() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        };

        assertThatThrownBy(() -> ExpositionWriter.write(EVERY_TYPE, PROMETHEUS_0_0_4, broken))
                .isInstanceOf(IOException.class)
                .hasMessage("broken pipe");
    }

    private static String page(TextFormat format, MetricPoint... points) {
        return ExpositionWriter.toText(
                List.of(MetricFamily.of("x", MetricType.GAUGE, "", Arrays.asList(points))), format);
    }
}
