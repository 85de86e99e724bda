package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@code docs/scoring.md} names as holding its promises is there. */
final class PromisesTest {
    private static final Path ROOT = Path.of("..");
    private static final List<String> MODULES = List.of("node-scorer", "exporter", "launcher", "e2e");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|Lab))(?:\\.(\\w+))?`");
    private static final Pattern FILE = Pattern.compile("`((?:prometheus|benchmarks|grafana|e2e)/[\\w./-]+\\.\\w+)`");

    // Modules may have tests of the same name.
    private static Map<String, List<Path>> tests() throws IOException {
        Map<String, List<Path>> tests = new HashMap<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> tests.computeIfAbsent(
                                        file.getFileName().toString().replace(".java", ""), name -> new ArrayList<>())
                                .add(file));
            }
        }
        return tests;
    }

    @Test
    void everyTestAndFileThatIsNamedIsThere() throws IOException {
        String document = Files.readString(ROOT.resolve("docs/scoring.md"));
        Map<String, List<Path>> tests = tests();
        TreeSet<String> missing = new TreeSet<>();
        Matcher named = TEST.matcher(document);
        int found = 0;
        while (named.find()) {
            if (!has(tests.getOrDefault(named.group(1), List.of()), named.group(2))) {
                missing.add(named.group());
            } else {
                found++;
            }
        }
        Matcher files = FILE.matcher(document);
        while (files.find()) {
            if (!Files.exists(ROOT.resolve(files.group(1)))) {
                missing.add(files.group());
            }
        }

        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(60);
    }

    private static boolean has(List<Path> files, @Nullable String method) throws IOException {
        for (Path file : files) {
            if (method == null || Files.readString(file).contains("void " + method + "(")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void everyRowOfTheTablesIsThereAndNamesSomething() throws IOException {
        String document = Files.readString(ROOT.resolve("docs/scoring.md"));

        assertThat(rows(document, "| | promise | held by |"))
                .hasSize(25)
                .allSatisfy(row -> assertThat(row).contains("`"));
        assertThat(rows(document, "| | accepted when | shown by |"))
                .hasSize(9)
                .allSatisfy(row -> assertThat(row).containsPattern(TEST));
        assertThat(rows(document, "| | it | here | held by |"))
                .hasSize(13)
                .allSatisfy(row -> assertThat(row).containsPattern(TEST));
    }

    private static List<String> rows(String document, String head) {
        return document.substring(document.indexOf(head))
                .lines()
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }
}
