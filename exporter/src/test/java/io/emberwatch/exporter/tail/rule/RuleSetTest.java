package io.emberwatch.exporter.tail.rule;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RuleSetTest {
    private final List<Loss> losses = new ArrayList<>();

    record Rules(List<RuleConfig> rules, @Nullable TimestampConfig timestamp) {}

    private RuleSet rules(RecordFormat format, String yaml, int maxSeries) {
        try {
            Rules rules = ConfigReader.parse("rules.yml", yaml, Rules.class);
            return new RuleSet(format, rules.rules(), rules.timestamp(), Map.of("app", "shop"), maxSeries, losses::add);
        } catch (io.emberwatch.service.config.ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String page(RuleSet rules, String... records) {
        for (String record : records) {
            byte[] bytes = record.getBytes(UTF_8);
            rules.record(bytes, 0, bytes.length, 0);
        }
        return ExpositionWriter.toText(rules.families(), TextFormat.PROMETHEUS_0_0_4);
    }

    @Test
    void jsonFieldsBecomeLabelsAndValues() {
        RuleSet rules = rules(RecordFormat.JSON, """
                rules:
                  - name: requests_total
                    help: Requests.
                    where: {level: info|warn}
                    labels: {method: http.method, user: user}
                  - {name: latency_seconds, type: histogram, value: http.ms, scale: 0.001, buckets: [0.01, 0.1]}
                timestamp: {field: ts}
                """, 100);
        assertThat(page(
                        rules,
                        "{\"level\":\"info\",\"http\":{\"method\":\"GET\",\"ms\":5.5,\"x\":[1,{\"ms\":7}]},\"ts\":\"2026-11-21T08:00:00Z\"}",
                        "{\"level\":\"debug\",\"http\":{\"method\":\"GET\",\"ms\":50},\"ts\":\"soon\"}",
                        "{\"level\":\"warn\",\"user\":\"Zo\\u00eb\",\"http\":{\"method\":\"PUT\",\"ms\":\"slow\"}}",
                        "{\"level\":\"info\"} trailing",
                        "[]"))
                .isEqualTo("""
                        # HELP requests_total Requests.
                        # TYPE requests_total counter
                        requests_total{app="shop",method="GET"} 1 1795248000000
                        requests_total{app="shop",method="PUT",user="Zoë"} 1
                        # TYPE latency_seconds histogram
                        latency_seconds_bucket{app="shop",le="0.01"} 1
                        latency_seconds_bucket{app="shop",le="0.1"} 2
                        latency_seconds_bucket{app="shop",le="+Inf"} 2
                        latency_seconds_sum{app="shop"} 0.0555
                        latency_seconds_count{app="shop"} 2
                        """);
        assertThat(losses).containsExactly(Loss.TIMESTAMP, Loss.NOT_A_NUMBER, Loss.MALFORMED, Loss.MALFORMED);
    }

    @Test
    void logfmtFieldsMayBeQuoted() {
        RuleSet rules = rules(RecordFormat.LOGFMT, """
                rules:
                  - {name: events_total, labels: {message: msg, dry: dry}}
                  - {name: queue_depth, type: gauge, value: depth}
                  - {name: balance, type: gauge, value: amount, action: subtract}
                """, 100);
        assertThat(page(
                        rules,
                        "level=info msg=\"say \\\"hi\\\"\" depth=3 dry amount=1.5",
                        "msg=plain depth=-2e3 amount=2",
                        "msg=\"open",
                        "no pairs here"))
                .isEqualTo("""
                        # TYPE events_total counter
                        events_total{app="shop",dry="true",message="say \\"hi\\""} 1
                        events_total{app="shop",message="plain"} 1
                        # TYPE queue_depth gauge
                        queue_depth{app="shop"} -2000
                        # TYPE balance gauge
                        balance{app="shop"} -3.5
                        """);
        assertThat(losses).containsExactly(Loss.MALFORMED, Loss.MALFORMED);
    }

    @Test
    void seriesAreBoundedAndTheLossIsCounted() {
        RuleSet rules = rules(
                RecordFormat.TEXT,
                "rules: [{name: users_total, match: 'user=(?P<user>[^ ]*)', labels: {user: user}}]",
                2);
        assertThat(page(rules, "user=a", "user=b", "user=c", "user=a")).isEqualTo("""
                # TYPE users_total counter
                users_total{app="shop",user="a"} 2
                users_total{app="shop",user="b"} 1
                """);
        assertThat(losses).containsExactly(Loss.SERIES_LIMIT);
    }

    @Test
    void aCounterNeverFalls() {
        RuleSet rules = rules(RecordFormat.LOGFMT, "rules: [{name: sent_bytes_total, value: bytes}]", 10);
        assertThat(page(rules, "bytes=5", "bytes=-1", "bytes=NaN", "bytes=1e999"))
                .contains("sent_bytes_total{app=\"shop\"} 5\n");
        assertThat(losses).containsExactly(Loss.NEGATIVE, Loss.NOT_A_NUMBER, Loss.NOT_A_NUMBER);
    }

    @Test
    void rulesForOneMetricMustAgree() {
        assertThatThrownBy(() -> rules(RecordFormat.TEXT, "rules: [{name: a}, {name: a, type: gauge, value: v}]", 10))
                .hasMessageContaining("rules: those for a differ in type, buckets or ttl; they must agree");
    }
}
