package io.emberwatch.model.text;

import static io.emberwatch.model.text.TextFormat.OPENMETRICS_1_0;
import static io.emberwatch.model.text.TextFormat.PROMETHEUS_0_0_4;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpositionCheckTest {
    @Test
    void acceptsOpenMetricsOfEveryType() {
        assertThatCode(() -> check(OPENMETRICS_1_0, """
                        # TYPE a counter
                        # UNIT a\s
                        # HELP a help
                        a_total{x="1"} 1 # {trace="t"} 0.5 1.5
                        a_created{x="1"} 1.5
                        a_total{x="2"} 1
                        # TYPE b gauge
                        b{x="1"} -1
                        b{x="2"} NaN
                        # TYPE c_seconds histogram
                        # UNIT c_seconds seconds
                        c_seconds_bucket{le="0.5",x="1"} 1 # {} 0.3
                        c_seconds_bucket{le="+Inf",x="1"} 2
                        c_seconds_sum{x="1"} 2.5
                        c_seconds_count{x="1"} 2
                        c_seconds_created{x="1"} 1.5
                        c_seconds_bucket{le="+Inf",x="2"} 0
                        # TYPE d summary
                        d{quantile="0"} NaN
                        d{quantile="1"} 1e3
                        d_sum 2
                        d_count 3
                        # TYPE e info
                        e_info{x="1"} 1
                        # TYPE f stateset
                        f{f="on"} 1.0
                        f{f="off"} 0
                        # TYPE g gaugehistogram
                        g_bucket{le="-1"} 1
                        g_bucket{le="+Inf"} 3
                        g_gsum -5
                        g_gcount 3
                        # TYPE h unknown
                        # HELP h\s
                        h{x="1"} 1 1
                        h{x="1"} 2 2
                        untyped 1
                        # EOF
                        """)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# TYPE a gauge\n# TYPE a gauge|2|second TYPE of a",
                "# HELP a x\n# HELP a y|2|second HELP of a",
                "# UNIT a \n# UNIT a |2|second UNIT of a",
                "a 1\n# TYPE a gauge|2|expected the metadata of a before its samples",
                "# TYPE a_s info\n# UNIT a_s s|2|expected no unit for an info or a stateset",
                "# UNIT a_s s\n# TYPE a_s stateset|2|expected no unit for an info or a stateset",
                "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\na{x=\"1\"} 1|5|expected the lines of a in one piece",
                "# TYPE a gauge\na 1\nb 1\n# HELP a x|4|expected the lines of a in one piece",
                "# TYPE a counter\na 1|2|expected a suffix on a, a counter",
                "# TYPE a_total counter\na_total 1|2|expected a suffix on a_total, a counter",
                "# TYPE a counter\na_total 1\n# TYPE a_created gauge\na_created 1|4|two families claim the name a_created",
                "a_total 1\n# TYPE a counter\na_total 1|3|two families claim the name a_total",
                "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\n# TYPE a_bucket gauge|3|two families claim the name a_bucket",
                "a 1\na 1|2|a{} occurs twice",
                "a 1 1\na 2 1|2|a{} occurs twice",
                "a 1\na 1 1|2|expected all samples of a metric to have a timestamp, or none",
                "a 1 2\na 1 1|2|expected the timestamps of a metric in ascending order",
                "# TYPE a summary\na_sum{x=\"1\"} 1\na_sum{x=\"2\"} 1\na_count{x=\"1\"} 1|4|expected the samples of a{x=\"1\"} in"
                        + " one piece",
                "a{b=\"c\",} 1|1|expected no comma behind the last label",
                "# TYPE a counter\na_total NaN|2|expected a number from 0 up for what counts",
                "# TYPE a counter\na_total -1|2|expected a number from 0 up for what counts",
                "# TYPE a info\na_info 2|2|expected the value 1 of an info",
                "# TYPE a stateset\na{a=\"x\"} 2|2|expected 0 or 1 for a state",
                "# TYPE a stateset\na 1|2|expected a label a on a",
                "# TYPE a summary\na 1|2|expected a label quantile on a",
                "# TYPE a summary\na{quantile=\"1.1\"} 1|2|expected a quantile from 0 to 1",
                "# TYPE a summary\na{quantile=\"NaN\"} 1|2|expected a quantile from 0 to 1",
                "# TYPE a summary\na{quantile=\"x\"} 1|2|expected a number in le or quantile, \"x\" is not a number",
                "# TYPE a summary\na{quantile=\"0\"} -1|2|expected no negative quantile value",
                "# TYPE a summary\na_count -1|2|expected a number from 0 up for what counts",
                "# TYPE a histogram\na_bucket 1|2|expected a label le on a_bucket",
                "# TYPE a histogram\na_bucket{le=\"x\"} 1|2|expected a number in le or quantile, \"x\" is not a number",
                "# TYPE a histogram\na_bucket{le=\"NaN\"} 1|2|expected buckets in ascending order of le",
                "# TYPE a histogram\na_bucket{le=\"1\"} -1|2|expected a number from 0 up for what counts",
                "# TYPE a histogram\na_bucket{le=\"1\"} 1|2|expected a bucket with le=\"+Inf\" in every histogram",
                "# TYPE a histogram\na_sum 1\na_count 1|3|expected a bucket with le=\"+Inf\" in every histogram",
                "# TYPE a histogram\na_bucket{le=\"2\"} 1\na_bucket{le=\"1\"} 1|3|expected buckets in ascending order of le",
                "# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"2\"} 1|3|expected bucket counts that do not fall",
                "# TYPE a histogram\na_bucket{le=\"+Inf\"} 2\na_sum 1\na_count 1|4|expected a count equal to the bucket with"
                        + " le=\"+Inf\"",
                "# TYPE a histogram\na_bucket{le=\"+Inf\"} 2\na_sum 1|3|expected a count beside the sum of a histogram",
                "# TYPE a histogram\na_bucket{le=\"+Inf\"} 2\na_count 2|3|expected a sum beside the count of a histogram",
                "# TYPE a histogram\na_bucket{le=\"-1\"} 1\na_bucket{le=\"+Inf\"} 2\na_sum 1\na_count 2|5|expected no sum in a"
                        + " histogram with negative buckets",
                "# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 2\na_gsum -1\na_gcount 2|4|expected no negative sum without"
                        + " negative buckets",
                "# TYPE a gaugehistogram\na_gsum NaN|2|expected a sum that is a number",
                "# TYPE a gauge\na 1 # {} 1|2|expected an exemplar only on a bucket or a counter's total",
                "# TYPE a counter\na_created 1 # {} 1|2|expected an exemplar only on a bucket or a counter's total",
                "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_count 1 # {} 1|3|expected an exemplar only on a bucket or a"
                        + " counter's total",
            })
    void saysWhichRuleOfOpenMetricsIsBroken(String example) {
        assertBroken(example, "\n# EOF\n", OPENMETRICS_1_0);
    }

    @Test
    void boundsExemplarsTo128Characters() {
        String page = "# TYPE a counter\na_total 1 # {x=\"" + "é".repeat(127) + "%s\"} 1\n# EOF";

        assertThatCode(() -> check(OPENMETRICS_1_0, page.formatted(""))).doesNotThrowAnyException();
        assertThat(fault(OPENMETRICS_1_0, page.formatted("y")))
                .hasMessage("line 2: expected at most 128 characters in an exemplar's labels");
    }

    @Test
    void refusesExemplarLabelsThatOccurTwice() {
        assertThat(fault(OPENMETRICS_1_0, "# TYPE a counter\na_total 1 # {x=\"1\",x=\"2\"} 1\n# EOF"))
                .hasMessage("line 2, column 20: label \"x\" occurs twice");
    }

    @Test
    void acceptsPlainTextInAnyOrderOfMetrics() {
        assertThatCode(() -> check(PROMETHEUS_0_0_4, """
                        # TYPE a counter
                        # HELP a A counter without a suffix.
                        a{x="1"} NaN
                        a{x="2",} -1
                        # TYPE h histogram
                        h_bucket{le="1",x="1"} 1
                        h_bucket{le="1",x="2"} 1
                        h_bucket{le="+Inf",x="1"} 1
                        h_bucket{le="+Inf",x="2"} 1
                        h_count{x="1"} 1
                        bare 1
                        """)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# TYPE a gauge\n# TYPE a gauge|2|second TYPE of a",
                "# HELP a x\n# HELP a x|2|second HELP of a",
                "a 1\n# TYPE a gauge|2|expected the metadata of a before its samples",
                "a 1\nb 1\na{x=\"1\"} 1|3|expected the lines of a in one piece",
                "a 1\na 2|2|a{} occurs twice",
                "# TYPE a histogram\na_bucket{le=\"1\"} 1\na_count 1\nb 1|3|expected a bucket with le=\"+Inf\" in every"
                        + " histogram",
                "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_count 2\n|3|expected a count equal to the bucket with"
                        + " le=\"+Inf\"",
                "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\n# TYPE a_sum gauge\na_sum 2\n|4|two families claim the name a_sum",
            })
    void saysWhichRuleOfPlainTextIsBroken(String example) {
        assertBroken(example, "", PROMETHEUS_0_0_4);
    }

    @Test
    void reportsFaultsOfGrammarWithTheirColumn() {
        assertThat(fault(PROMETHEUS_0_0_4, "a x"))
                .hasMessage("line 1, column 3: expected a value, \"x\" is not a number");
    }

    private static void assertBroken(String example, String end, TextFormat format) {
        String[] parts = example.split("\\|", 3);

        assertThat(fault(format, parts[0] + end)).hasMessage("line " + parts[1] + ": " + parts[2]);
    }

    private static void check(TextFormat format, String page) throws ParseException {
        ExpositionParser.check(page.getBytes(UTF_8), format);
    }

    private static ParseException fault(TextFormat format, String page) {
        ParseException fault = catchThrowableOfType(ParseException.class, () -> check(format, page));
        assertThat(fault).as(page).isNotNull();
        return fault;
    }
}
