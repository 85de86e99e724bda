package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the exporter's documents say is shown by a test is shown by one that exists. */
class ExporterDocumentTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*Test)(?:\\.(\\w+))?`");

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        Map<String, String> tests = tests();
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (Path document : documents()) {
            Matcher matcher = NAMED.matcher(Files.readString(document));
            while (matcher.find()) {
                named++;
                String source = tests.get(matcher.group(1));
                boolean there =
                        source != null && (matcher.group(2) == null || source.contains(" " + matcher.group(2) + "("));
                if (!there) {
                    missing.add(document.getFileName() + ": " + matcher.group());
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThan(100);
    }

    @Test
    void everyRowOfAPeerNamesATestOrSaysThatTheFeatureIsNotThere() throws IOException {
        String text = Files.readString(ROOT.resolve("docs/exporter.md"));
        List<String> rows = text.substring(text.indexOf("## Beside other exporters"))
                .lines()
                .filter(line -> line.startsWith("| P") || line.startsWith("| N") || line.startsWith("| —"))
                .toList();
        assertThat(rows)
                .hasSizeGreaterThan(70)
                .allSatisfy(row ->
                        assertThat(row).matches(".*`[A-Z]\\w*Test[.`].*|.*\\| no[:;, |].*|.*\\(\\.\\./benchmarks/.*"));
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(ROOT.resolve("docs/exporter.md")));
        try (Stream<Path> parts = Files.list(ROOT.resolve("docs/exporter"))) {
            parts.filter(path -> path.toString().endsWith(".md")).forEach(documents::add);
        }
        return documents;
    }

    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new HashMap<>();
        for (String module : List.of(
                "core/model",
                "core/service",
                "exporter",
                "push",
                "launcher",
                "e2e",
                "benchmarks",
                "alertmanager-bridge")) {
            Path sources = ROOT.resolve(module).resolve("src/test/java");
            if (Files.isDirectory(sources)) {
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file : files.filter(path -> path.toString().endsWith("Test.java"))
                            .toList()) {
                        String name = file.getFileName().toString();
                        tests.merge(
                                name.substring(0, name.length() - ".java".length()),
                                Files.readString(file),
                                String::concat);
                    }
                }
            }
        }
        return tests;
    }
}
