package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rules",
                "rules check",
                "rules check --help",
                "rules check a.yml --against data",
                "rules check @words",
                "rules test a.yml",
                "--log-level debug rules check a.yml"
            })
    void everythingElseIsLeftToTheCommandLine(String words) {
        assertThat(QuickStart.run(words.split(" ", -1))).isEmpty();
    }
}
