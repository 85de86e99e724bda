package io.emberwatch.rules.ruletest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.re2j.Pattern;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RuleTestTest {
    private static final String CORPUS = System.getenv("EMBERWATCH_CORPUS");
    private static final String RULES = """
            groups:
              - name: g
                rules:
                  - record: up:sum
                    expr: sum(up)
                  - alert: Down
                    expr: up == 0
                    for: 2m
                    annotations: {text: "{{ $labels.job }} is down in {{ $externalLabels.cluster }}"}
                  - record: never
                    expr: nothing
            """;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private int run(String yaml, RuleTest.Options options) throws IOException {
        Files.writeString(folder.resolve("rules.yml"), RULES);
        Files.writeString(folder.resolve("test.yml"), yaml);
        return RuleTest.run(List.of(folder.resolve("test.yml")), stream(), options);
    }

    private PrintStream stream() {
        return new PrintStream(printed, true, StandardCharsets.UTF_8);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8).replace(folder + "/", "");
    }

    private static final String TEST = """
            rule_files: [rules.yml]
            evaluation_interval: 1m
            tests:
              - name: outage
                interval: 1m
                external_labels: {cluster: c1}
                input_series:
                  - series: 'up{job="a"}'
                    values: 1 0x9
                alert_rule_test:
                  - {eval_time: 2m, alertname: Down}
                  - eval_time: 3m
                    alertname: Down
                    exp_alerts: [{exp_labels: {job: a}, exp_annotations: {text: a is down in c1}}]
                promql_expr_test:
                  - {expr: 'up:sum', eval_time: 1m, exp_samples: [{labels: 'up:sum', value: 0}]}
            """;

    @Test
    void passesWhatIsAsExpected() throws IOException {
        assertThat(run(TEST, RuleTest.Options.DEFAULT)).as(text()).isEqualTo(RuleTest.OK);
        assertThat(text()).isEqualTo("Unit Testing:  test.yml\n  SUCCESS\n\n");
    }

    @Test
    void showsWhatDiffers() throws IOException {
        String wrong =
                TEST.replace("exp_labels: {job: a}", "exp_labels: {job: b}").replace("value: 0", "value: 2.5");
        assertThat(run(wrong, RuleTest.Options.DEFAULT)).isEqualTo(RuleTest.FAILED);
        assertThat(text()).isEqualTo("""
                        Unit Testing:  test.yml
                          FAILED:
                            name: outage,
                            alertname: Down, time: 3m,\s
                                exp:[
                                    0:
                                      Labels:{alertname="Down", job="b"}
                                      Annotations:{text="a is down in c1"}
                                    ],\s
                                got:[
                                    0:
                                      Labels:{alertname="Down", job="a"}
                                      Annotations:{text="a is down in c1"}
                                    ]
                                diff:
                                    - Labels:{alertname="Down", job="b"} Annotations:{text="a is down in c1"}
                                    + Labels:{alertname="Down", job="a"} Annotations:{text="a is down in c1"}

                            name: outage,
                            expr: "up:sum", time: 1m,
                                exp: {__name__="up:sum"} 2.5E+00
                                got: {__name__="up:sum"} 0E+00
                                diff:
                                    - {__name__="up:sum"} 2.5E+00
                                    + {__name__="up:sum"} 0E+00


                        """);
    }

    @Test
    void runsOnlyWhatIsAskedForAndReportsCoverage() throws IOException {
        Path junit = folder.resolve("junit.xml");
        RuleTest.Options options = new RuleTest.Options(Pattern.compile("out"), junit, true, false);
        assertThat(run(TEST + "  - name: other\n    promql_expr_test: [{expr: '1', exp_samples: []}]\n", options))
                .as(text())
                .isEqualTo(RuleTest.OK);
        assertThat(text())
                .contains("Coverage: 2 of 3 rules gave a result\n  never: rules.yml:10: group \"g\", \"never\"\n");
        assertThat(Files.readString(junit))
                .contains("tests=\"3\" failures=\"0\"")
                .contains("<testcase name=\"alertname: Down, time: 3m\">");
    }

    @Test
    void failuresAreInTheJUnitReport() throws IOException {
        Path junit = folder.resolve("junit.xml");
        run(TEST.replace("value: 0", "value: 1"), new RuleTest.Options(null, junit, false, false));
        assertThat(Files.readString(junit)).contains("failures=\"1\"").contains("exp: {__name__=\"up:sum\"} 1E+00");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
                    tests: [{nope: 1}] => test.yml:1:16: field nope not found in a test
                    tests: [{interval: 5}] => test.yml:1:20:
                    tests: [{alert_rule_test: [{eval_time: 5m}]}] => misses required attribute alertname at eval_time 5m
                    tests: [{input_series: [{series: 'up{', values: 1}]}] => parse error
                    rule_files: [gone.yml]\\ntests: [{}] => gone.yml: no such file
                    rule_files: ['g*.yml']\\ntests: [{}] => WARNING: no file match pattern g*.yml
                    tests: [{start_timestamp: soon}] => expected RFC 3339
                    """)
    void refusesFilesThatCannotBeUsed(String yaml, String message) throws IOException {
        int code = run(yaml.replace("\\n", "\n"), RuleTest.Options.DEFAULT);
        assertThat(text()).contains(message);
        assertThat(code).isEqualTo(message.startsWith("WARNING") ? RuleTest.OK : RuleTest.FAILED);
    }

    @ParameterizedTest
    @CsvSource({
        "unittest, 0",
        "long-period, 0",
        "at-modifier-test, 0",
        "negative-offset-test, 0",
        "start-time-test, 0",
        "no-test-group-interval, 0",
        "failing, 1",
        "bad-promql, 1",
        "bad-rules-error-test, 1",
        "bad-rules-syntax-test, 1",
        "bad-input-series, 1",
        "rules_run, 1",
        "rules_run_extrafields, 1",
        "rules_run_fuzzy, 1",
        "rules_run_no_fuzzy, 1"
    })
    void publishedTestsEndAsPublished(String name, int code) throws IOException {
        assumeTrue(CORPUS != null, "EMBERWATCH_CORPUS is not set");
        Path file = Path.of(CORPUS, "promtool", "promtool-3.14", name + ".yml");
        assertThat(RuleTest.run(List.of(file), stream())).as(text()).isEqualTo(code);
    }

    @Test
    void fieldsOfOthersInRuleFilesArePassedOverWhenThatIsAskedFor() throws IOException {
        assumeTrue(CORPUS != null, "EMBERWATCH_CORPUS is not set");
        Path file = Path.of(CORPUS, "promtool", "promtool-3.14", "rules_run_extrafields.yml");
        RuleTest.Options lenient = new RuleTest.Options(null, null, false, true);
        assertThat(RuleTest.run(List.of(file), stream(), lenient)).as(text()).isEqualTo(RuleTest.OK);
    }

    @Test
    void fuzzyCompareAllowsTheLastBitOnly() throws IOException {
        assumeTrue(CORPUS != null, "EMBERWATCH_CORPUS is not set");
        Path file = Path.of(CORPUS, "promtool", "promtool-3.14", "rules_run_fuzzy.yml");
        RuleTest.Options right = new RuleTest.Options(Pattern.compile("correct"), null, false, false);
        assertThat(RuleTest.run(List.of(file), stream(), right)).as(text()).isEqualTo(RuleTest.OK);
    }
}
