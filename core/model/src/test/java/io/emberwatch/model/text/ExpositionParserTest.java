package io.emberwatch.model.text;

import static io.emberwatch.model.text.TextFormat.OPENMETRICS_1_0;
import static io.emberwatch.model.text.TextFormat.PROMETHEUS_0_0_4;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpositionParserTest {
    @Test
    void readsPlainText() throws ParseException {
        assertThat(plain("""
                        # HELP http_requests_total Requests by "code",\\nC:\\\\ and \\x.
                        # TYPE http_requests_total counter
                        http_requests_total{method="post",code="200"} 1027 1395066363000
                        http_requests_total{method="post",code="400"}    3 1395066363000

                        # Escaping in label values:
                        msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9
                        metric_without_timestamp_and_labels 12.47
                        something_weird{problem="division by zero"} +Inf -3982045
                        #comment
                        # HELPFUL comment
                        # TYPES comment
                        # HELPTYPE a gauge
                        #	HELP	tabs	all	the	way
                        # HELP nothing
                        # TYPE rpc_duration_seconds   summary\t
                        rpc_duration_seconds { quantile = "0.01" , } \t 3102 \t
                        rpc_duration_seconds{}1.7560473e+07
                          indented:name 1
                        """.replace("0x 1", "1"))).isEqualTo("""
                        help http_requests_total [Requests by "code",
                        C:\\ and \\x.]
                        type http_requests_total COUNTER
                        http_requests_total{code="200", method="post"} = 1027.0 @ 1395066363000
                        http_requests_total{code="400", method="post"} = 3.0 @ 1395066363000
                        msdos_file_access_time_seconds{error="Cannot find file:\\n\\"FILE.TXT\\"", path="C:\\\\DIR\\\\FILE.TXT"} = 1.458255915E9
                        metric_without_timestamp_and_labels = 12.47
                        something_weird{problem="division by zero"} = Infinity @ -3982045
                        help tabs [all	the	way]
                        help nothing []
                        type rpc_duration_seconds SUMMARY
                        rpc_duration_seconds{quantile="0.01"} = 3102.0
                        rpc_duration_seconds = 1.7560473E7
                        indented:name = 1.0
                        """);
    }

    @Test
    void readsQuotedNames() throws ParseException {
        assertThat(plain("""
                        # HELP "my.metric" Dots.
                        # TYPE "my.metric" gauge
                        {"my.metric","a.b"="c"} 1
                        {"my.metric"} 2
                        {d="e","my \\"metric\\"",} 3
                        plain{"a b"="c d"} 4
                        """)).isEqualTo("""
                        help my.metric [Dots.]
                        type my.metric GAUGE
                        my.metric{a.b="c"} = 1.0
                        my.metric = 2.0
                        my "metric"{d="e"} = 3.0
                        plain{a b="c d"} = 4.0
                        """);
    }

    @Test
    void readsOpenMetrics() throws ParseException {
        assertThat(openMetrics("""
                        # TYPE acme_http_router_request_seconds summary
                        # UNIT acme_http_router_request_seconds seconds
                        # HELP acme_http_router_request_seconds Latency \\"though\\" all of\\nACME\\\\.
                        acme_http_router_request_seconds_sum{path="/api/v1",method="GET"} 9036.32
                        acme_http_router_request_seconds_count{path="/api/v1",method="GET"} 807283.0
                        acme_http_router_request_seconds_created{path="/api/v1",method="GET"} 1605281325.0
                        # TYPE foo histogram
                        foo_bucket{le="0.1"} 8 # {} 0.054
                        foo_bucket{le="+Inf"} 17 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67 1520879607.8
                        # HELP foo_two\s
                        # TYPE foo_two unknown
                        foo_two -Inf -1.5
                        # TYPE state stateset
                        # TYPE x info
                        # TYPE g gaugehistogram
                        # TYPE c counter
                        {"quoted.name",a="b"} nan 1e3
                        # EOF
                        """)).isEqualTo("""
                        type acme_http_router_request_seconds SUMMARY
                        unit acme_http_router_request_seconds [seconds]
                        help acme_http_router_request_seconds [Latency "though" all of
                        ACME\\.]
                        acme_http_router_request_seconds_sum{method="GET", path="/api/v1"} = 9036.32
                        acme_http_router_request_seconds_count{method="GET", path="/api/v1"} = 807283.0
                        acme_http_router_request_seconds_created{method="GET", path="/api/v1"} = 1.605281325E9
                        type foo HISTOGRAM
                        foo_bucket{le="0.1"} = 8.0
                        foo_bucket{le="+Inf"} = 17.0 @ 1520879607789
                        help foo_two []
                        type foo_two UNKNOWN
                        foo_two = -Infinity @ -1500
                        type state STATESET
                        type x INFO
                        type g GAUGE_HISTOGRAM
                        type c COUNTER
                        quoted.name{a="b"} = NaN @ 1000000
                        """);
    }

    @Test
    void theLastLineNeedsNoLineBreak() throws ParseException {
        assertThat(plain("a 1")).isEqualTo("a = 1.0\n");
        assertThat(plain("a 1 2")).isEqualTo("a = 1.0 @ 2\n");
        assertThat(plain("# TYPE a gauge")).isEqualTo("type a GAUGE\n");
        assertThat(plain("# x")).isEmpty();
        assertThat(plain("  ")).isEmpty();
        assertThat(plain("")).isEmpty();
        assertThat(openMetrics("a 1\n# EOF")).isEqualTo("a = 1.0\n");
        assertThat(openMetrics("# EOF")).isEmpty();
    }

    @Test
    void plainTextMayHoldLineBreaksInQuotes() {
        ParseException fault = fault("a{b=\"c\nd\ne\"} 1\na{b=\"c\n\"} x", PROMETHEUS_0_0_4);

        assertThat(fault).hasMessage("line 5, column 4: expected a value, \"x\" is not a number");
    }

    @Test
    void anEmptyLabelIsNoLabel() throws ParseException {
        assertThat(plain("a{b=\"\",c=\"d\"} 1")).isEqualTo("a{c=\"d\"} = 1.0\n");
    }

    @Test
    void sortsLabelsInUtf8Order() throws ParseException {
        assertThat(plain("a{b=\"1\",B=\"2\",\"\uff61\"=\"3\",\"\ud83d\ude00\"=\"4\",_=\"5\",\"!\"=\"6\"} 1"))
                .isEqualTo("a{!=\"6\", B=\"2\", _=\"5\", b=\"1\", \uff61=\"3\", \ud83d\ude00=\"4\"} = 1.0\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a|1:2|expected a value, found the end of the page",
                "a\n|1:2|expected a value, found the end of the line",
                "0a 1|1:1|expected a metric name, found '0'",
                "é 1|1:1|expected a metric name, found byte 0xc3",
                "a-b 1|1:2|expected a value, \"-b\" is not a number",
                "a 1\nb{c=\"d\"} nope 5\n|2:10|expected a value, \"nope\" is not a number",
                "a 1 1.5|1:5|expected a timestamp in milliseconds, \"1.5\" is not a whole number",
                "a 1 99999999999999999999|1:5|expected a timestamp in milliseconds, \"99999999999999999999\" is not a whole"
                        + " number",
                "a 1 2 3|1:7|expected the end of the line, found '3'",
                "a 0x1p3|1:3|expected a value, \"0x1p3\" is not a decimal number",
                "a 1_0|1:3|expected a value, \"1_0\" is not a number",
                "a 1e999|1:3|expected a value, \"1e999\" is too large for a 64-bit float",
                "a 1\r\n|1:3|expected a value, \"1\r\" is not a number",
                "a{|1:3|expected a label name, found the end of the page",
                "a{b|1:4|expected '=', found the end of the page",
                "a{b=c} 1|1:5|expected a quoted label value, found 'c'",
                "a{b='c'} 1|1:5|expected a quoted label value, found '''",
                "a{b=\"c} 1|1:10|expected the closing quotation mark of a label value, found the end of the page",
                "a{b=\"c\\|1:7|expected the closing quotation mark of a label value, found '\\'",
                "a{b=\"c\\\n\"} 1|1:7|expected the closing quotation mark of a label value, found '\\'",
                "a{b=\"c\"d=\"e\"} 1|1:8|expected ',' or '}', found 'd'",
                "a{b=\"c\",,d=\"e\"} 1|1:9|expected a label name, found ','",
                "a{,} 1|1:3|expected a label name, found ','",
                "a{b=\"c\"|1:8|expected ',' or '}', found the end of the page",
                "a{1=\"c\"} 1|1:3|expected a label name, found '1'",
                "a{b:c=\"d\"} 1|1:4|expected '=', found ':'",
                "a{b=\"1\",b=\"2\"} 1|1:9|label \"b\" occurs twice",
                "a{__name__=\"b\"} 1|1:3|expected the metric name outside the labels, found __name__",
                "a{\"\"=\"b\"} 1|1:4|the label name is empty",
                "{} 1|1:3|expected a quoted metric name within the braces",
                "{a=\"b\"} 1|1:8|expected a quoted metric name within the braces",
                "{\"a\",\"b\"} 1|1:7|the metric name is given twice",
                "a{\"b\"} 1|1:4|the metric name is given twice",
                "{\"\"} 1|1:3|the metric name is empty",
                "# TYPE a meh|1:10|expected counter, gauge, histogram, summary or untyped, found \"meh\"",
                "# TYPE a unknown|1:10|expected counter, gauge, histogram, summary or untyped, found \"unknown\"",
                "# TYPE a|1:9|expected counter, gauge, histogram, summary or untyped, found \"\"",
                "# TYPE a counter x|1:18|expected the end of the line, found 'x'",
                "# TYPE a counter\r\n|1:10|expected counter, gauge, histogram, summary or untyped, found \"counter\r\"",
                "# TYPE 0 counter|1:8|expected a metric name, found '0'",
                "# TYPE \"\" counter|1:9|the metric name is empty",
                "# HELP 0 text|1:8|expected a metric name, found '0'",
                "# HELP a.b text|1:9|expected a blank after the metric name, found '.'",
            })
    void saysWherePlainTextIsBroken(String example) {
        assertFault(example, PROMETHEUS_0_0_4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|1:1|expected # EOF, found the end of the page",
                "a 1\n|2:1|expected # EOF, found the end of the page",
                "a 1|1:4|expected the end of the line, found the end of the page",
                "a 1\n\n# EOF\n|2:1|expected a metric name, found the end of the line",
                "a 1\n# EOF\nb 2\n|3:1|expected nothing after # EOF, found 'b'",
                "a 1\n# EOF |2:6|expected nothing after # EOF, found byte 0x20",
                "a 1\n# EOFblah|2:6|expected nothing after # EOF, found 'b'",
                " a 1\n# EOF|1:1|expected a metric name, found byte 0x20",
                "a  1\n# EOF|1:3|expected a value, found byte 0x20",
                "a\t1\n# EOF|1:2|expected a blank before the value, found byte 0x9",
                "a 1 \n# EOF|1:5|expected a timestamp in seconds, found the end of the line",
                "a 1\t\n# EOF|1:3|expected a value, \"1\t\" is not a number",
                "a{b=\"c\"}1\n# EOF|1:9|expected a blank before the value, found '1'",
                "a {b=\"c\"} 1\n# EOF|1:3|expected a value, \"{b=\"c\"}\" is not a number",
                "a{ b=\"c\"} 1\n# EOF|1:3|expected a label name, found byte 0x20",
                "a{b=\"c\nd\"} 1\n# EOF|1:7|expected the closing quotation mark of a label value, found the end of the line",
                "a 1 1.5.5\n# EOF|1:5|expected a timestamp in seconds, \"1.5.5\" is not a number",
                "a 1 NaN\n# EOF|1:5|expected a timestamp in seconds that fits into 64-bit milliseconds",
                "a 1 +Inf\n# EOF|1:5|expected a timestamp in seconds that fits into 64-bit milliseconds",
                "a 1 1e16\n# EOF|1:5|expected a timestamp in seconds that fits into 64-bit milliseconds",
                "# comment\n# EOF|1:3|expected TYPE, UNIT, HELP or EOF, found 'c'",
                "#\n# EOF|1:1|expected a metric name, found '#'",
                "# TYPE a untyped\n# EOF|1:10|expected a metric type of OpenMetrics, found \"untyped\"",
                "# TYPE a gauge \n# EOF|1:15|expected the end of the line, found byte 0x20",
                "# TYPE  a gauge\n# EOF|1:8|expected a metric name, found byte 0x20",
                "# TYPE a\n# EOF|1:9|expected a blank after the metric name, found the end of the line",
                "# HELP a\n# EOF|1:9|expected a blank after the metric name, found the end of the line",
                "# UNIT a seconds\n# EOF|1:17|expected a metric name that ends in its unit, _seconds",
                "# UNIT aseconds seconds\n# EOF|1:24|expected a metric name that ends in its unit, _seconds",
                "a 1 # {\n# EOF|1:8|expected a label name, found the end of the line",
                "a 1 # \n# EOF|1:7|expected the labels of an exemplar, found the end of the line",
                "a 1 #{} 1\n# EOF|1:5|expected a timestamp in seconds, \"#{}\" is not a number",
                "a 1 # {}1\n# EOF|1:9|expected a blank before the exemplar's value, found '1'",
                "a 1 # {}\n# EOF|1:9|expected a blank before the exemplar's value, found the end of the line",
                "a 1 # {} x\n# EOF|1:10|expected the value of an exemplar, \"x\" is not a number",
                "a 1 # {} 1 x\n# EOF|1:12|expected a timestamp in seconds, \"x\" is not a number",
                "a 1 # {\"b\"} 1\n# EOF|1:11|expected '=', found '}'",
                "a 1 # {} 1 1 1\n# EOF|1:13|expected the end of the line, found byte 0x20",
            })
    void saysWhereOpenMetricsIsBroken(String example) {
        assertFault(example, OPENMETRICS_1_0);
    }

    @Test
    void refusesMalformedUtf8() {
        assertThat(faultOfBytes("a{b=\"\u00e9\"} 1\n", PROMETHEUS_0_0_4))
                .hasMessage("line 1, column 6: expected UTF-8, found byte 0xe9");
        assertThat(faultOfBytes("# HELP a \u00c0\u0080\n", PROMETHEUS_0_0_4))
                .hasMessage("line 1, column 10: expected UTF-8, found byte 0xc0");
        assertThat(faultOfBytes("x 1\n{\"\u00ed\u00a0\u0080\"} 1\n", OPENMETRICS_1_0))
                .hasMessage("line 2, column 3: expected UTF-8, found byte 0xed");
    }

    @Test
    void boundsTheNumberOfLabels() {
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < 1025; i++) {
            labels.append(",l").append(i).append("=\"v\"");
        }

        assertThat(fault("a{" + labels.substring(1) + "} 1", PROMETHEUS_0_0_4))
                .hasMessageEndingWith("expected at most 1024 labels");
    }

    @Test
    void reportsWhatCameBeforeTheFault() {
        PageLog log = new PageLog();

        assertThatThrownBy(() -> ExpositionParser.parse("a 1\nb 2\n!\n".getBytes(UTF_8), PROMETHEUS_0_0_4, log))
                .isInstanceOf(ParseException.class);
        assertThat(log).hasToString("a = 1.0\nb = 2.0\n");
    }

    @Test
    void rawSamplesAreTheBytesOfTheirSeries() throws ParseException {
        byte[] page = "a 1\n b { c=\"d}\\\"\" } 2 3\n{\"e\"} 4\n".getBytes(UTF_8);
        List<String> series = new ArrayList<>();
        List<Labels> labels = new ArrayList<>();

        ExpositionParser.parseRaw(page, PROMETHEUS_0_0_4, new ExpositionParser.RawHandler() {
            @Override
            public void type(String family, MetricType type) {}

            @Override
            public void help(String family, String help) {}

            @Override
            public void unit(String family, String unit) {}

            @Override
            public void rawSample(byte[] bytes, int from, int to, double value, long timestampMillis)
                    throws ParseException {
                series.add(new String(bytes, from, to - from, UTF_8));
                labels.add(ExpositionParser.labels(bytes, from, to));
            }
        });

        assertThat(series).containsExactly("a", "b { c=\"d}\\\"\" }", "{\"e\"}");
        assertThat(labels)
                .containsExactly(
                        Labels.of("__name__", "a"),
                        Labels.of("__name__", "b", "c", "d}\""),
                        Labels.of("__name__", "e"));
    }

    @Test
    void labelsOfARawSampleTellWhereTheyAreBroken() {
        byte[] page = "a 1\nb 2\n  c{d=\"1\",d=\"2\"} 3".getBytes(UTF_8);

        assertThatThrownBy(() -> ExpositionParser.labels(page, 10, 24))
                .hasMessage("line 3, column 11: label \"d\" occurs twice");
    }

    private static void assertFault(String example, TextFormat format) {
        String[] parts = example.split("\\|", 3);
        String[] place = parts[1].split(":", 2);
        ParseException fault = fault(parts[0], format);

        assertThat(fault).hasMessage("line " + place[0] + ", column " + place[1] + ": " + parts[2]);
        assertThat(fault.line()).isEqualTo(Integer.parseInt(place[0]));
        assertThat(fault.column()).isEqualTo(Integer.parseInt(place[1]));
    }

    private static ParseException fault(String page, TextFormat format) {
        return fault(page.getBytes(UTF_8), format);
    }

    private static ParseException faultOfBytes(String page, TextFormat format) {
        return fault(page.getBytes(ISO_8859_1), format);
    }

    private static ParseException fault(byte[] page, TextFormat format) {
        ParseException fault =
                catchThrowableOfType(ParseException.class, () -> ExpositionParser.parse(page, format, new PageLog()));
        assertThat(fault).isNotNull();
        return fault;
    }

    private static String plain(String page) throws ParseException {
        PageLog log = new PageLog();
        ExpositionParser.parse(page.getBytes(UTF_8), PROMETHEUS_0_0_4, log);
        return log.toString();
    }

    private static String openMetrics(String page) throws ParseException {
        PageLog log = new PageLog();
        ExpositionParser.parse(page.getBytes(UTF_8), OPENMETRICS_1_0, log);
        return log.toString();
    }
}
