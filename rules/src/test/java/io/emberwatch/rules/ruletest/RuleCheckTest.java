package io.emberwatch.rules.ruletest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuleCheckTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private int check(String yaml) throws IOException {
        return check(yaml, RuleCheck.Lint.SHOWN);
    }

    private int check(String yaml, RuleCheck.Lint lint) throws IOException {
        return check(yaml, new RuleCheck.Options(lint, false, InputStream.nullInputStream()));
    }

    private int check(String yaml, RuleCheck.Options options) throws IOException {
        Path file = folder.resolve("r.yml");
        Files.writeString(file, yaml);
        return RuleCheck.run(List.of(file), options, out());
    }

    private PrintStream out() {
        return new PrintStream(printed, true, StandardCharsets.UTF_8);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8).replace(folder + "/", "");
    }

    @Test
    void countsTheRulesOfAGoodFile() throws IOException {
        assertThat(check("groups: [{name: g, rules: [{record: a, expr: up}, {alert: a, expr: up}]}]"))
                .isEqualTo(RuleCheck.OK);
        assertThat(text()).isEqualTo("Checking r.yml\n  SUCCESS: 2 rules found\n\n");
    }

    @Test
    void listsEveryFault() throws IOException {
        assertThat(check("groups: [{name: g, rules: [{record: a, expr: up +}, {alert: a}]}]"))
                .isEqualTo(RuleCheck.FAILED);
        assertThat(text())
                .isEqualTo("Checking r.yml\n  FAILED:\n"
                        + "r.yml: 1:46: group \"g\", rule 1, \"a\": could not parse expression: 1:5: parse error:"
                        + " unexpected end of input\n"
                        + "r.yml: 1:53: group \"g\", rule 2, \"a\": field 'expr' must be set in rule\n\n");
    }

    @Test
    void unknownFieldsArePassedOverWhenThatIsAskedFor() throws IOException {
        String yaml = "groups: [{name: g, team: x, rules: [{record: a, expr: up, owner: me}]}]\nmore: {}\n";
        assertThat(check(yaml)).isEqualTo(RuleCheck.FAILED);
        assertThat(text())
                .contains(
                        "field team not found in a group",
                        "field owner not found in a rule",
                        "field more not found in a rule file");
        printed.reset();
        assertThat(check(yaml, new RuleCheck.Options(RuleCheck.Lint.SHOWN, true, InputStream.nullInputStream())))
                .isEqualTo(RuleCheck.OK);
        assertThat(text()).isEqualTo("Checking r.yml\n  SUCCESS: 1 rules found\n\n");
    }

    @Test
    void standardInputIsCheckedWhenNoFileIsNamedOrADash() {
        String yaml = "groups: [{name: g, rules: [{record: a, expr: up}]}]";
        for (List<Path> files : List.of(List.<Path>of(), List.of(Path.of("-")))) {
            printed.reset();
            assertThat(RuleCheck.run(files, RuleCheck.Options.standard(stream(yaml)), out()))
                    .isEqualTo(RuleCheck.OK);
            assertThat(text()).isEqualTo("Checking standard input\n  SUCCESS: 1 rules found\n\n");
        }
        printed.reset();
        assertThat(RuleCheck.run(List.of(), RuleCheck.Options.standard(stream("groups: 1")), out()))
                .isEqualTo(RuleCheck.FAILED);
        assertThat(text()).contains("standard input: 1:9: expected a list, found");
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void warningsAreShown() throws IOException {
        assertThat(check("groups: []\n---\ngroups: []\n")).isEqualTo(RuleCheck.OK);
        assertThat(text()).isEqualTo("""
                        Checking r.yml
                          WARNING: r.yml: 2:1: only the first YAML document of a file is read
                          SUCCESS: 0 rules found

                        """);
    }

    @Test
    void findsRulesThatAreThereTwice() throws IOException {
        String rule = "{record: a, expr: up, labels: {x: y}}";
        String yaml = "groups: [{name: g, rules: [" + rule + ", " + rule + "]}]";
        assertThat(check(yaml)).isEqualTo(RuleCheck.OK);
        assertThat(text()).contains("lint error 1 duplicate rule(s) found.\nMetric: a\nLabel(s):\n  x: y\n");
        assertThat(check(yaml, RuleCheck.Lint.FATAL)).isEqualTo(RuleCheck.LINTED);
        printed.reset();
        assertThat(check(yaml, RuleCheck.Lint.NONE)).isEqualTo(RuleCheck.OK);
        assertThat(text()).isEqualTo("Checking r.yml\n  SUCCESS: 2 rules found\n\n");
    }
}
