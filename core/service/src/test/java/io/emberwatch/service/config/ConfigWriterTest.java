package io.emberwatch.service.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ConfigWriterTest {
    record Inner(
            String name,
            @Default("[]") List<String> words,
            @Nullable Inner deeper) {}

    record Everything(
            @Default("1") int whole,
            @Default("0.5") double real,
            @Default("false") boolean flag,
            @Nullable String text,
            @Nullable Secret secret,
            @Default("15s") Duration every,
            @Default("1MiB") ByteSize size,
            @Default("seconds") TimeUnit unit,
            @Nullable URI address,
            @Nullable Path path,
            @Default("{}") Map<String, String> properties,
            @Default("[]") List<Inner> inner,
            @Nullable Inner one) {}

    @Test
    void whatIsLikeItsDefaultIsLeftOut() {
        assertThat(ConfigWriter.write(ConfigReader.defaults(Everything.class))).isEmpty();
    }

    @Test
    void everythingIsReadBackAsItWas() throws Exception {
        Everything everything = new Everything(
                2,
                -1e9,
                true,
                "a: \"b\" # $HOME ${X} \\ \u0001 é\n",
                new Secret("null"),
                Duration.ofMinutes(90),
                new ByteSize(7),
                TimeUnit.MILLISECONDS,
                URI.create("http://h:80/a?b=c"),
                Path.of("/a b/c"),
                Map.of("x.y", "1", "", "- no list", "z", ""),
                List.of(
                        new Inner("first", List.of("a", "!b", "*"), null),
                        new Inner("second", List.of(), new Inner("third", List.of("- x"), null))),
                new Inner("~", List.of(), null));
        String yaml = ConfigWriter.write(everything);
        assertThat(ConfigReader.parse("written", yaml, Everything.class)).isEqualTo(everything);
    }

    @Test
    void itLooksAsOneWouldWriteIt() {
        Everything everything = new Everything(
                1,
                0.5,
                false,
                "cpu*",
                null,
                Duration.ofSeconds(30),
                new ByteSize(1 << 20),
                TimeUnit.SECONDS,
                null,
                null,
                Map.of("b", "2", "a", "1"),
                List.of(new Inner("x", List.of("u", "v"), null)),
                null);
        assertThat(ConfigWriter.write(everything)).isEqualTo("""
                text: "cpu*"
                every: 30s
                properties:
                  a: 1
                  b: 2
                inner:
                  - name: x
                    words: [u, v]
                """);
    }
}
