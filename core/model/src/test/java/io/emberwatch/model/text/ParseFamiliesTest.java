package io.emberwatch.model.text;

import static io.emberwatch.model.text.TextFormat.OPENMETRICS_1_0;
import static io.emberwatch.model.text.TextFormat.PROMETHEUS_0_0_4;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParseFamiliesTest {
    @Test
    void groupsSamplesUnderTheirFamilies() throws ParseException {
        assertThat(families(PROMETHEUS_0_0_4, """
                        # HELP a_total A.
                        # TYPE a_total counter
                        a_total{x="1"} 1
                        a_total{x="2"} 2 1500
                        # TYPE h histogram
                        h_bucket{le="+Inf"} 3
                        h_sum 4
                        h_count 5
                        bare 6
                        """))
                .containsExactly(
                        MetricFamily.of(
                                "a_total",
                                MetricType.COUNTER,
                                "A.",
                                List.of(
                                        MetricPoint.of("a_total", Labels.of("x", "1"), 1),
                                        new MetricPoint(SeriesKey.of("a_total", Labels.of("x", "2")), 2, 1500))),
                        MetricFamily.of(
                                "h",
                                MetricType.HISTOGRAM,
                                "",
                                List.of(
                                        MetricPoint.of("h_bucket", Labels.of("le", "+Inf"), 3),
                                        MetricPoint.of("h_sum", Labels.EMPTY, 4),
                                        MetricPoint.of("h_count", Labels.EMPTY, 5))),
                        MetricFamily.of(
                                "bare", MetricType.UNKNOWN, "", List.of(MetricPoint.of("bare", Labels.EMPTY, 6))));
    }

    @Test
    void namesFamiliesOfOpenMetricsAsPlainTextDoes() throws ParseException {
        assertThat(summary(OPENMETRICS_1_0, """
                        # TYPE a_seconds counter
                        # UNIT a_seconds seconds
                        # HELP a_seconds A.
                        a_seconds_total 1
                        a_seconds_created 2
                        # TYPE b info
                        b_info{c="d"} 1
                        # TYPE e gauge
                        e 3
                        e_other 4
                        # EOF
                        """)).isEqualTo("""
                        a_seconds_total COUNTER "A." seconds: a_seconds_total a_seconds_created
                        b_info INFO "" : b_info
                        e GAUGE "" : e
                        e_other UNKNOWN "" : e_other
                        """);
    }

    @Test
    void tellsFamiliesOfGosClientApartThatShareAName() throws ParseException {
        assertThat(summary(OPENMETRICS_1_0, """
                        # HELP go_memstats_alloc_bytes In use.
                        # TYPE go_memstats_alloc_bytes gauge
                        go_memstats_alloc_bytes 1
                        # HELP go_memstats_alloc_bytes Ever.
                        # TYPE go_memstats_alloc_bytes counter
                        go_memstats_alloc_bytes_total 2
                        # EOF
                        """)).isEqualTo("""
                        go_memstats_alloc_bytes GAUGE "In use." : go_memstats_alloc_bytes
                        go_memstats_alloc_bytes_total COUNTER "Ever." : go_memstats_alloc_bytes_total
                        """);
    }

    @Test
    void mergesFamiliesInPieces() throws ParseException {
        assertThat(summary(PROMETHEUS_0_0_4, """
                        a 1
                        b 2
                        # TYPE a gauge
                        # HELP a A.
                        a{x="y"} 3
                        # TYPE h histogram
                        # TYPE i gauge
                        h_bucket{le="1"} 4
                        i 5
                        h_count 6
                        # TYPE a counter
                        # HELP a Other.
                        """)).isEqualTo("""
                        a GAUGE "A." : a a
                        b UNKNOWN "" : b
                        h HISTOGRAM "" : h_bucket h_count
                        i GAUGE "" : i
                        """);
    }

    @Test
    void aSampleOfItsOwnFamilyIsNoPartOfAnother() throws ParseException {
        assertThat(summary(PROMETHEUS_0_0_4, """
                        # TYPE h_count gauge
                        # TYPE h histogram
                        h_count 1
                        # TYPE g gauge
                        g_count 2
                        """)).isEqualTo("""
                        h_count GAUGE "" :
                        h HISTOGRAM "" : h_count
                        g GAUGE "" :
                        g_count UNKNOWN "" : g_count
                        """);
    }

    private static List<MetricFamily> families(TextFormat format, String page) throws ParseException {
        return ExpositionParser.parseFamilies(page.getBytes(UTF_8), format);
    }

    private static String summary(TextFormat format, String page) throws ParseException {
        StringBuilder lines = new StringBuilder();
        for (MetricFamily family : families(format, page)) {
            lines.append(family.name()).append(' ').append(family.type());
            lines.append(" \"")
                    .append(family.help())
                    .append("\" ")
                    .append(family.unit())
                    .append(':');
            family.points()
                    .forEach(point -> lines.append(' ').append(point.key().name()));
            lines.append('\n');
        }
        return lines.toString();
    }
}
