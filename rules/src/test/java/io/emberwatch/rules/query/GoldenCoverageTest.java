package io.emberwatch.rules.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GoldenCoverageTest {
    @Test
    void scriptsUseEveryStableFunctionAndAggregation() throws IOException {
        Set<String> wanted = new TreeSet<>();
        Functions.all().stream()
                .filter(f -> !f.experimental())
                .map(Function::name)
                .forEach(wanted::add);
        assertThat(wanted).hasSize(73);
        Stream.of(Aggregator.values())
                .filter(a -> !a.isExperimental())
                .map(Aggregator::text)
                .forEach(wanted::add);
        StringBuilder scripts = new StringBuilder();
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/query"))) {
            for (Path file : files.toList()) {
                scripts.append(Files.readString(file));
            }
        }
        wanted.removeIf(name -> scripts.toString().matches("(?s).*[^a-z_]" + name + "( by| without)?.?[(].*"));
        assertThat(wanted).isEmpty();
    }
}
