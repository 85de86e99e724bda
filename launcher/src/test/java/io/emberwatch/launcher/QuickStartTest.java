package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QuickStartTest {
    @TempDir
    private Path folder;

    @Test
    void filesAreCheckedAsTheCommandLineChecksThem() throws Exception {
        Path good =
                Files.writeString(folder.resolve("good.yml"), "groups: [{name: g, rules: [{record: a, expr: b}]}]\n");
        Path bad =
                Files.writeString(folder.resolve("bad.yml"), "groups: [{name: g, rules: [{record: a, expr: b(}]}]\n");
        assertThat(QuickStart.run("rules", "check", good.toString())).hasValue(0);
        assertThat(QuickStart.run("rules", "check", good.toString(), bad.toString()))
                .hasValue(1);
        assertThat(Emberwatch.commandLine().execute("rules", "check", good.toString()))
                .isZero();
        assertThat(Emberwatch.commandLine().execute("rules", "check", good.toString(), bad.toString()))
                .isEqualTo(1);
    }

    @Test
    void theExitCodesAreThoseOfPromtool() throws Exception {
        Path extra = Files.writeString(
                folder.resolve("extra.yml"), "groups: [{name: g, owner: x, rules: [{record: a, expr: b}]}]\n");
        Path twice = Files.writeString(
                folder.resolve("twice.yml"),
                "groups: [{name: g, rules: [{record: a, expr: b}, {record: a, expr: c}]}]\n");
        Path test = Files.writeString(folder.resolve("test.yml"), "rule_files: [extra.yml]\ntests: [{}]\n");
        assertThat(execute("check", extra.toString())).isEqualTo(1);
        assertThat(execute("check", "--ignore-unknown-fields", extra.toString()))
                .isZero();
        assertThat(execute("check", twice.toString())).isZero();
        assertThat(execute("check", "--lint=duplicate-rules", "--lint-fatal", twice.toString()))
                .isEqualTo(3);
        assertThat(execute("check", "--lint=none", "--lint-fatal", twice.toString()))
                .isZero();
        assertThat(execute("check", "--lint=some", twice.toString())).isEqualTo(2);
        assertThat(execute("test", test.toString())).isEqualTo(1);
        assertThat(execute("test", "--diff", "--ignore-unknown-fields", test.toString()))
                .isZero();
    }

    private static int execute(String... words) {
        List<String> all = new ArrayList<>(List.of("rules"));
        all.addAll(List.of(words));
        return Cli.run(all.toArray(String[]::new)).exitCode();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rules",
                "rules check",
                "rules check --help",
                "rules check -",
                "rules check a.yml -",
                "rules check a.yml --against data",
                "rules check @words",
                "rules test a.yml",
                "--log-level debug rules check a.yml"
            })
    void everythingElseIsLeftToTheCommandLine(String words) {
        assertThat(QuickStart.run(words.split(" ", -1))).isEmpty();
    }
}
