package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/bridge.md says is shown is shown by tests that there are. */
class BridgeDocumentTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]+Test)`");
    private static final Pattern GOAL = Pattern.compile("(?m)^\\| ([0-9]+) \\| (.+) \\| (.+) \\|$");

    private static String document() throws IOException {
        return Files.readString(ROOT.resolve("docs/bridge.md"));
    }

    private static Set<String> tests() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path tests : modules.flatMap(BridgeDocumentTest::testFolders).toList()) {
                try (Stream<Path> files = Files.walk(tests)) {
                    names.addAll(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith("Test.java"))
                            .map(name -> name.replace(".java", ""))
                            .collect(Collectors.toSet()));
                }
            }
        }
        return names;
    }

    private static Stream<Path> testFolders(Path module) {
        return Stream.of(module, module.resolve("model"), module.resolve("service"))
                .map(folder -> folder.resolve("src/test/java"))
                .filter(Files::isDirectory);
    }

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        Set<String> named = new TreeSet<>();
        Matcher name = TEST.matcher(document());
        while (name.find()) {
            named.add(name.group(1));
        }
        assertThat(named).hasSizeGreaterThan(20);
        assertThat(tests()).containsAll(named);
    }

    @Test
    void everyRowOfTheComparisonNamesItsTest() throws IOException {
        List<String> bare = document()
                .lines()
                .filter(line -> line.startsWith("| ") && line.contains("| • |"))
                .filter(line -> !TEST.matcher(line).find())
                .toList();
        assertThat(bare).isEmpty();
    }

    @Test
    void everyGoalIsShownBySomething() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        Matcher goal = GOAL.matcher(document());
        while (goal.find()) {
            numbers.add(Integer.parseInt(goal.group(1)));
            assertThat(goal.group(3)).containsPattern("`[A-Z][A-Za-z0-9]+Test`|`benchmarks/results/[a-z]+\\.md`");
        }
        assertThat(numbers)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 42).boxed().toList());
    }
}
