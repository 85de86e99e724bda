package io.emberwatch.exporter.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.exporter.mapping.MappingConfig.EventType;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MapperTest {
    private static final String README = """
            defaults:
              observer_type: histogram
              histogram_options:
                buckets: [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10]
                native_histogram_bucket_factor: 1.1
                native_histogram_max_buckets: 256
              match_type: glob
              glob_disable_ordering: false
              ttl: 0s
            mappings:
            # This will be a histogram using the buckets set in `defaults`.
            - match: "test.timing.*.*.*"
              name: "my_timer"
              labels:
                provider: "$2"
                outcome: "$3"
                job: "${1}_server"
            - match: "other.distribution.*.*.*"
              observer_type: summary
              name: "other_distribution"
              labels:
                provider: "$2"
                outcome: "$3"
                job: "${1}_server_other"
              summary_options:
                quantiles:
                  - quantile: 0.99
                    error: 0.001
                  - {quantile: 0.5, error: 0.05}
                max_age: 10m
                age_buckets: 5
                buf_cap: 500
            - match: "client.*.request.*.*"
              name: "${1}_requests"
              match_metric_type: counter
              labels: {m: "$2", p: "/$3"}
              ttl: 1m30s
              honor_labels: true
              scale: 0.001
              help: Requests.
            - match: "internal.*"
              action: drop
              name: dropped
            - match: (.*)\\.processor\\.(?P<what>[a-z]+)\\.count
              match_type: regex
              name: "processor_${2}"
              labels: {what: "$what", who: "$1", joined: "${1}x", wrong: "$1x"}
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            test.timing.api.db.ok         | OBSERVER | my_timer {job=api_server, outcome=ok, provider=db}
            test.timing.api.db            | OBSERVER | none
            test.timing.api.db.ok.more    | OBSERVER | none
            client.web.request.GET.users  | COUNTER  | web_requests {m=GET, p=/users}
            client.web.request.GET.users  | GAUGE    | none
            internal.secret               | GAUGE    | dropped {} drop
            a.b.processor.lines.count     | COUNTER  | processor_lines {joined=a.bx, what=lines, who=a.b, wrong=}
            unknown                       | COUNTER  | none
            """)
    void mapsAsTheReadmeOfStatsdExporterSays(String name, EventType type, String expected) throws ConfigException {
        assertThat(map(README, name, type)).isEqualTo(expected);
    }

    @Test
    void knowsWhatRulesSayOfTheirSeries() throws ConfigException {
        Mapper mapper = mapper(README);
        Rule timer = rule(mapper, "test.timing.a.b.c", EventType.OBSERVER);
        Rule distribution = rule(mapper, "other.distribution.a.b.c", EventType.OBSERVER);
        Rule client = rule(mapper, "client.a.request.b.c", EventType.COUNTER);

        assertThat(timer.isHistogram()).isTrue();
        assertThat(timer.buckets()).hasSize(11).startsWith(0.005).endsWith(10);
        assertThat(distribution.isHistogram()).isFalse();
        assertThat(distribution.summary().quantiles()).containsExactly(0.5, 0.99);
        assertThat(client.ttlMillis()).isEqualTo(90_000);
        assertThat(client.honorLabels()).isTrue();
        assertThat(client.scale()).isEqualTo(0.001);
        assertThat(client.help()).isEqualTo("Requests.");
        assertThat(mapper.size()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `a.*.c; a.b.*; *.b.c`   | a.b.c | false | r0 {one=b}
            `*.b.c; a.b.*; a.*.c`   | a.b.c | false | r0 {one=a}
            `a.b.*; a.*.c; a.b.c`   | a.b.c | false | r0 {one=c}
            `*.b.c; a.b.*; a.*.c`   | a.b.c | true  | r1 {one=c}
            `*.*.*; a.*.d; a.b.c`   | a.b.c | true  | r2 {}
            `a.b.d; a.*.c`          | a.b.c | false | r1 {one=b}
            `a.b.*.d; a.*.c.e`      | a.b.c.e | true | r1 {one=b}
            `a.*; a.*.b`            | a.x   | false | r0 {one=x}
            `a.*.b; a.*`            | a.x   | false | r1 {one=x}
            `*`                     | alone | false | r0 {one=alone}
            `a.*; a.*`              | a.x   | false | r0 {one=x}
            """)
    void choosesAmongGlobsThatOverlap(String globs, String name, boolean disableOrdering, String expected)
            throws ConfigException {
        StringBuilder yaml =
                new StringBuilder("defaults: {glob_disable_ordering: " + disableOrdering + "}\nmappings:\n");
        int rule = 0;
        for (String glob : globs.split("; ", -1)) {
            yaml.append("- {match: '").append(glob).append("', name: r").append(rule++);
            yaml.append(glob.contains("*") ? ", labels: {one: $1}" : "").append("}\n");
        }

        assertThat(map(yaml.toString(), name, EventType.COUNTER)).isEqualTo(expected);
    }

    @Test
    void putsGlobsBeforeRegularExpressions() throws ConfigException {
        String yaml = "mappings: [{match: 'a.*', match_type: regex, name: regex}, {match: 'a.*', name: glob}]";

        assertThat(map(yaml, "a.b", EventType.GAUGE)).isEqualTo("glob {}");
        assertThat(map(yaml, "a.b.c", EventType.GAUGE)).isEqualTo("regex {}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `mappings: [{match: 'a..b', name: x}]`                               | is not a pattern
            `mappings: [{match: 'a.b*', name: x}]`                               | is not a pattern
            `mappings: [{match: '(', match_type: regex, name: x}]`               | missing closing )
            `mappings: [{match: a, name: x, labels: {1a: y}}]`                   | 1a is not the name of a label
            `mappings: [{match: a, name: 'x y'}]`                                | is not the name of a metric
            `mappings: [{match: a}]`                                             | must set the name
            `mappings: [{match: a, name: x, observer_type: summary, histogram_options: {}}]` | the observer is a summary
            `mappings: [{match: a, name: x, quantile: 1}]`                       | did you mean quantiles?
            `mappings: [{match: a, name: x, match_metric_type: meter}]`          | expected one of
            """)
    void refusesWhatCannotBeMeant(String yaml, String reason) {
        assertThatThrownBy(() -> mapper(yaml)).hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({"a.b, a_b", "9a, _9a", "a--b, a_b", "a-.-b, a___b", "grün, gr_n", "a:b, a_b", "a_b, a_b"})
    void escapesNamesAsStatsdExporterDoes(String name, String escaped) {
        assertThat(Mapper.escape(name)).isEqualTo(escaped);
    }

    private static Mapper mapper(String yaml) throws ConfigException {
        return new Mapper(ConfigReader.parse("mapping.yml", yaml, MappingConfig.class));
    }

    private static Rule rule(Mapper mapper, String name, EventType type) {
        Mapped mapped = mapper.map(name, type);
        assertThat(mapped).isNotNull();
        return mapped.rule();
    }

    private static String map(String yaml, String name, EventType type) throws ConfigException {
        Mapped mapped = mapper(yaml).map(name, type);
        if (mapped == null) {
            return "none";
        }
        return mapped.name() + " " + new TreeMap<>(mapped.labels())
                + (mapped.rule().drops() ? " drop" : "");
    }
}
