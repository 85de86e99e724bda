package io.emberwatch.rules.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ParserCorpusTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Inputs that were put together from several Go literals, of which the corpus kept only the first. */
    private static final Set<String> CUT_OFF = Set.of("`");

    static Stream<Arguments> publishedCases() throws IOException {
        List<Arguments> cases = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(Corpus.path("promqltest"), "parser-cases-*.jsonl")) {
            for (Path file : files) {
                for (String line : Files.readAllLines(file)) {
                    JsonNode node = read(line);
                    if (!CUT_OFF.contains(node.get("input").asText())) {
                        cases.add(Arguments.argumentSet(node.get("input").asText(), node));
                    }
                }
            }
        }
        return cases.stream();
    }

    private static JsonNode read(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("publishedCases")
    void parsesOrRefusesAsPrometheusDoes(JsonNode node) {
        List<String> expected = new ArrayList<>();
        node.get("errors")
                .forEach(e -> expected.add(e.get("start").asInt() + "-"
                        + e.get("end").asInt() + " " + e.get("msg").asText()));
        List<String> actual = faults(node.get("input").asText());
        if (!node.get("fail").asBoolean()) {
            assertThat(actual).isEmpty();
        } else if (expected.isEmpty()) {
            assertThat(actual).isNotEmpty();
        } else {
            assertThat(actual).isEqualTo(expected);
        }
    }

    private static List<String> faults(String input) {
        try {
            Promql.parse(input, true);
            return List.of();
        } catch (SyntaxException e) {
            return e.faults().stream()
                    .map(f -> f.span().start() + "-" + f.span().end() + " " + f.message())
                    .toList();
        }
    }
}
