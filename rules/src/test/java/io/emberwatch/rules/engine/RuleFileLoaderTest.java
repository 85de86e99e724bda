package io.emberwatch.rules.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.QueryEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RuleFileLoaderTest {
    private static final String CORPUS = System.getenv("EMBERWATCH_CORPUS");
    private static final RuleQueries QUERIES =
            new EngineQueries(new QueryEngine((matchers, from, to) -> List.of(), EngineOptions.defaults()));

    private static RuleFile load(String yaml) throws RuleFileException {
        return new RuleFileLoader(QUERIES).parse("r.yml", yaml);
    }

    private static List<String> faults(String yaml) {
        RuleFileException e = catchThrowableOfType(RuleFileException.class, () -> load(yaml));
        return e.faults().stream().map(RuleFault::toString).toList();
    }

    @Test
    void readsEveryField() throws RuleFileException {
        RuleFile file = load("""
                groups:
                  - name: g
                    interval: 30s
                    query_offset: 1m
                    limit: 10
                    labels: {team: db, severity: low}
                    rules:
                      - record: job:up:sum
                        expr: sum by (job) (up)
                        labels: {zone: eu, instance: ""}
                      - alert: Down
                        expr: up==0
                        for: 5m
                        keep_firing_for: 1h
                        labels: {severity: page}
                        annotations: {summary: "{{ $labels.instance }} is down"}
                """);
        RuleGroup group = file.groups().get(0);
        assertThat(group.interval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(group.queryOffset()).isEqualTo(Duration.ofMinutes(1));
        assertThat(group.limit()).isEqualTo(10);
        Rule.Recording recording = (Rule.Recording) group.rules().get(0);
        assertThat(recording.labels()).isEqualTo(Labels.of("team", "db", "severity", "low", "zone", "eu"));
        assertThat(recording.removed()).containsExactly("instance");
        assertThat(recording.line()).isEqualTo(8);
        Rule.Alerting alerting = (Rule.Alerting) group.rules().get(1);
        assertThat(alerting.query().text()).isEqualTo("up == 0");
        assertThat(alerting.holdFor()).isEqualTo(Duration.ofMinutes(5));
        assertThat(alerting.keepFiringFor()).isEqualTo(Duration.ofHours(1));
        assertThat(alerting.labels()).isEqualTo(Labels.of("team", "db", "severity", "page"));
        assertThat(alerting.annotationTexts().get("summary")).isEqualTo("{{ $labels.instance }} is down");
    }

    @Test
    void scalarsAreTextAsWritten() throws RuleFileException {
        RuleFile file = load("""
                groups:
                  - name: 1.20
                    rules:
                      - alert: yes
                        expr: 1
                        labels: {a: 0x10, b: 1.20, c: yes, d: 2001-01-01, e: ~, f: 1_000, g: on}
                """);
        assertThat(file.groups().get(0).name()).isEqualTo("1.20");
        Rule rule = file.groups().get(0).rules().get(0);
        assertThat(rule.name()).isEqualTo("yes");
        assertThat(rule.labels())
                .isEqualTo(Labels.of("a", "0x10", "b", "1.20", "c", "yes", "d", "2001-01-01", "f", "1_000", "g", "on"));
    }

    @Test
    void findsEveryFaultWithItsPlace() {
        assertThat(faults("""
                        groups:
                          - name: g
                            intervall: 5s
                            rules:
                              - record: a
                                alert: b
                                expr: up
                              - record: x{}
                                expr: "up +"
                                for: 5m
                              - alert: t
                                expr: rate(up)
                                for: 5
                                labels: {__name__: x, ok: "{{ $labels.x | nope }}"}
                                annotations: {a: "{{"}
                              - expr: up
                              - alert: e
                          - name: g
                        other: 1
                        """))
                .containsExactly(
                        "r.yml: 19:1: field other not found in a rule file, which has groups",
                        "r.yml: 3:5: field intervall not found in a group, which has interval, labels, limit, name,"
                                + " query_offset, rules",
                        "r.yml: 5:9: group \"g\", rule 1, \"b\": only one of 'record' and 'alert' must be set",
                        "r.yml: 9:15: group \"g\", rule 2, \"x{}\": could not parse expression: 1:5: parse error:"
                                + " unexpected end of input",
                        "r.yml: 10:9: group \"g\", rule 2, \"x{}\": invalid field 'for' in recording rule",
                        "r.yml: 8:17: group \"g\", rule 2, \"x{}\": braces present in the recording rule name;"
                                + " should it be in expr?: x{}",
                        "r.yml: 12:15: group \"g\", rule 3, \"t\": could not parse expression: 1:6: parse error:"
                                + " expected type range vector in call to function \"rate\", got instant vector",
                        "r.yml: 14:18: group \"g\", rule 3, \"t\": invalid label name: __name__",
                        "r.yml: 13:14: group \"g\", rule 3, \"t\": " + durationFault(),
                        "r.yml: 14:35: group \"g\", rule 3, \"t\": label \"ok\": template: __alert_t:1: function"
                                + " \"nope\" not defined",
                        "r.yml: 15:26: group \"g\", rule 3, \"t\": annotation \"a\": template: __alert_t:1:"
                                + " unclosed action",
                        "r.yml: 16:9: group \"g\", rule 4, \"\": one of 'record' or 'alert' must be set",
                        "r.yml: 17:9: group \"g\", rule 5, \"e\": field 'expr' must be set in rule",
                        "r.yml: 18:5: groupname: \"g\" is repeated in the same file");
    }

    private static String durationFault() {
        return catchThrowableOfType(IllegalArgumentException.class, () -> io.emberwatch.model.text.Durations.parse("5"))
                .getMessage();
    }

    @Test
    void brokenYamlHasAPlace() {
        assertThat(faults("groups:\n  - name: [a\n")).singleElement().asString().startsWith("r.yml: 3:1: ");
        assertThat(faults("groups: 5")).containsExactly("r.yml: 1:9: expected a list, found text");
        assertThat(faults("groups:\n- name: a\n  name: b"))
                .containsExactly("r.yml: 3:3: key name occurs twice, first in line 2");
    }

    @Test
    void onlyTheFirstDocumentCounts() throws RuleFileException {
        RuleFile file = load("groups: [{name: a}]\n---\ngroups: [{name: b}]\n");
        assertThat(file.groups()).extracting(RuleGroup::name).containsExactly("a");
        assertThat(file.warnings()).hasSize(1);
        assertThat(load("").groups()).isEmpty();
    }

    @Test
    void aliasBombsEnd() {
        StringBuilder bomb = new StringBuilder("groups: [{name: a}]\na0: &a0 [x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
        }
        assertThat(faults(bomb.toString())).isNotEmpty();
    }

    @Test
    void publishedFilesAreTakenOrRefusedAsPublished() throws IOException {
        assumeTrue(CORPUS != null, "EMBERWATCH_CORPUS is not set");
        RuleFileLoader utf8 = new RuleFileLoader(QUERIES);
        RuleFileLoader legacy = new RuleFileLoader(QUERIES, NameScheme.LEGACY);
        int seen = 0;
        for (String folder : List.of("rulefmt-3.14", "rules-3.14")) {
            try (Stream<Path> files = Files.list(Path.of(CORPUS, "promtool", folder))) {
                for (Path file : files.sorted().toList()) {
                    String name = file.getFileName().toString();
                    boolean bad = name.contains(".bad.") || name.startsWith("invalid_");
                    RuleFileLoader loader = name.startsWith("legacy_") ? legacy : utf8;
                    RuleFileException refusal = catchThrowableOfType(RuleFileException.class, () -> loader.load(file));
                    assertThat(refusal != null).as(name + ": " + refusal).isEqualTo(bad);
                    seen++;
                }
            }
        }
        assertThat(seen).isGreaterThan(25);
    }

    @Test
    void missingFileIsAFault() {
        assertThat(catchThrowableOfType(
                        RuleFileException.class, () -> new RuleFileLoader(QUERIES).load(Path.of("/nowhere/r.yml"))))
                .hasMessage("/nowhere/r.yml: no such file");
    }
}
