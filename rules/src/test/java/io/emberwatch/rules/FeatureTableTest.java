package io.emberwatch.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class FeatureTableTest {
    private static final Pattern TEST = Pattern.compile("^\\| .*\\| `(\\w+)\\.(\\w+)` \\|$", Pattern.MULTILINE);

    @Test
    void everyFeatureThatIsClaimedHasATest() throws IOException {
        String document = Files.readString(Path.of("../docs/rules.md"));
        String table = document.substring(document.indexOf("<!-- checked by FeatureTableTest -->"));
        List<String> missing = new ArrayList<>();
        int found = 0;
        Matcher rows = TEST.matcher(table);
        while (rows.find()) {
            found++;
            if (!source(rows.group(1)).contains("void " + rows.group(2) + "(")) {
                missing.add(rows.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(25);
        assertThat(table.lines().filter(line -> line.startsWith("| ") && line.endsWith("| |")))
                .allMatch(line -> line.matches("\\| [^|]* \\| no \\|.*"));
    }

    private static String source(String test) throws IOException {
        for (String folder : List.of("src/test/java", "../e2e/src/test/java", "../core/model/src/test/java")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                Optional<Path> file =
                        files.filter(path -> path.endsWith(test + ".java")).findFirst();
                if (file.isPresent()) {
                    return Files.readString(file.get());
                }
            }
        }
        throw new AssertionError("there is no " + test);
    }
}
