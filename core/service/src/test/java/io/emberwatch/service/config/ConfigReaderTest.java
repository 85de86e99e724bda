package io.emberwatch.service.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.emberwatch.service.http.ListenAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("TOKEN", "s3cret", "PORT", "9601", "WORD", "sesame", "EMPTY", "");

    enum Mode {
        ON_OFF,
        ALWAYS
    }

    record Everything(
            @Default("ember") String name,
            @Default("3") int count,
            @Default("9000000000") long big,
            @Default("0.5") double ratio,
            @Default("true") boolean enabled,
            @Default("15s") Duration interval,
            @Default("64MiB") ByteSize limit,
            @Default("data") Path folder,
            @Default("http://127.0.0.1:9090") URI url,
            @Default("127.0.0.1:9600") ListenAddress listen,
            @Default("on-off") Mode mode,
            @Nullable Secret bearerToken,
            @Nullable Integer retries,
            @Default("[a, b]") List<String> words,
            @Default("{}") Map<String, Nested> parts,
            @Default("{}") Nested nested,
            @Nullable YamlNode raw) {}

    record Nested(
            @Default("1") int weight,
            @Default("[]") List<Duration> waits,
            @Default("{}") Map<String, List<Integer>> groups) {
        Nested {
            if (weight < 0) {
                throw new IllegalArgumentException("weight: must not be negative");
            }
            if (waits.size() > 2) {
                throw new IllegalArgumentException("more waits than anybody needs");
            }
        }
    }

    record Required(String name, int port, Mode mode, List<String> hosts) {}

    record Credentials(
            @Nullable Secret password,
            @Nullable Path passwordPath,
            @Default("x") String user) {}

    record Holder(@Default("{}") Inner inner) {}

    record Inner(int port, @Default("1s") Duration pause) {}

    private static <T extends Record> T parse(String yaml, Class<T> type) throws ConfigException {
        return ConfigReader.bind("test.yml", null, yaml, type, ENVIRONMENT::get);
    }

    private static String faults(String yaml, Class<? extends Record> type) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> parse(yaml, type));
        assertThat(e).as("faults of %s", yaml).isNotNull();
        return String.join("\n", e.problems().stream().map(Object::toString).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "{}", "~"})
    void emptyFileGivesDefaults(String yaml) throws Exception {
        assertThat(parse(yaml, Everything.class)).isEqualTo(ConfigReader.defaults(Everything.class));
    }

    @Test
    void defaultsAreReadAsYaml() {
        Everything defaults = ConfigReader.defaults(Everything.class);

        assertThat(defaults.interval()).isEqualTo(Duration.ofSeconds(15));
        assertThat(defaults.limit()).isEqualTo(new ByteSize(64 << 20));
        assertThat(defaults.big()).isEqualTo(9_000_000_000L);
        assertThat(defaults.mode()).isEqualTo(Mode.ON_OFF);
        assertThat(defaults.words()).containsExactly("a", "b");
        assertThat(defaults.listen()).isEqualTo(new ListenAddress("127.0.0.1", 9600));
        assertThat(defaults.nested()).isEqualTo(new Nested(1, List.of(), Map.of()));
        assertThat(defaults.bearerToken()).isNull();
        assertThat(defaults.retries()).isNull();
        assertThat(defaults.raw()).isNull();
    }

    @Test
    void everyTypeIsBound() throws Exception {
        Everything bound = parse("""
                name: 0x10
                count: -4
                big: 8000000000
                ratio: 1.5e-3
                enabled: false
                interval: 1h30m
                limit: 10kB
                folder: /var/lib/ember
                url: https://my_host:8443/prom
                listen: "[::1]:0"
                mode: always
                bearer_token: abc
                retries: 0
                words: [yes, 1_000, 'x y', "~"]
                parts:
                  zeta: {weight: 2, waits: [1s, 2m]}
                  alpha:
                    groups:
                      odd: [1, 3]
                nested:
                raw: {expr: yes}
                """, Everything.class);

        assertThat(bound.name()).isEqualTo("0x10");
        assertThat(bound.count()).isEqualTo(-4);
        assertThat(bound.big()).isEqualTo(8_000_000_000L);
        assertThat(bound.ratio()).isEqualTo(0.0015);
        assertThat(bound.enabled()).isFalse();
        assertThat(bound.interval()).isEqualTo(Duration.ofMinutes(90));
        assertThat(bound.limit()).isEqualTo(new ByteSize(10_000));
        assertThat(bound.folder()).isEqualTo(Path.of("/var/lib/ember"));
        assertThat(bound.url()).hasToString("https://my_host:8443/prom");
        assertThat(bound.listen()).isEqualTo(new ListenAddress("::1", 0));
        assertThat(bound.mode()).isEqualTo(Mode.ALWAYS);
        assertThat(bound.bearerToken()).isEqualTo(new Secret("abc"));
        assertThat(bound.retries()).isZero();
        assertThat(bound.words()).containsExactly("yes", "1_000", "x y", "~");
        assertThat(bound.parts().keySet()).containsExactly("zeta", "alpha");
        assertThat(bound.parts().get("zeta").waits()).containsExactly(Duration.ofSeconds(1), Duration.ofMinutes(2));
        assertThat(bound.parts().get("alpha").groups()).isEqualTo(Map.of("odd", List.of(1, 3)));
        assertThat(bound.nested()).isEqualTo(new Nested(1, List.of(), Map.of()));
        assertThat(bound.raw()).isInstanceOf(YamlNode.Mapping.class);
    }

    @Test
    void collectionsCannotBeChanged() throws Exception {
        Everything bound = parse("parts: {a: {}}\nwords: [x]", Everything.class);

        assertThatThrownBy(() -> bound.words().add("y")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> bound.parts().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void everyFaultIsReportedAtOnceInTheOrderOfTheFile() {
        assertThat(faults("""
                        count: many
                        enabled: yes
                        intervall: 5s
                        parts:
                          a:
                            weight: -1
                          b:
                            waits: [1s, soon]
                        words: one
                        mode: sometimes
                        """, Everything.class)).isEqualTo("""
                        test.yml:1:8: count: many: expected a whole number
                        test.yml:2:10: enabled: yes: expected true or false
                        test.yml:3:1: intervall: unknown key; did you mean interval?
                        test.yml:6:13: parts.a.weight: must not be negative
                        test.yml:8:17: parts.b.waits[1]: "soon" is not a duration: expected a duration like 15s, 5m or 1h30m (units y w d h m s ms)
                        test.yml:9:8: words: expected a list, found text
                        test.yml:10:7: mode: sometimes: expected one of on_off, always""");
    }

    @Test
    void missingKeysAreNamedWithWhatIsExpected() {
        assertThat(faults("name: x\nmode:\n", Required.class)).isEqualTo("""
                        test.yml:1:1: port: is missing; expected a whole number
                        test.yml:1:1: mode: is missing; expected one of on_off, always
                        test.yml:1:1: hosts: is missing; expected a list""");
        assertThatThrownBy(() -> ConfigReader.defaults(Required.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("name");
    }

    @Test
    void faultInsideADefaultIsReportedWhereTheKeyIsMissing() {
        assertThat(faults("\n\n{}", Holder.class))
                .isEqualTo("test.yml:3:1: inner.port: is missing; expected a whole number");
    }

    @Test
    void unknownKeyWithoutNeighbourListsTheKnownOnes() {
        assertThat(faults("colour: red", Credentials.class))
                .isEqualTo(
                        "test.yml:1:1: colour: unknown key; expected one of password, password_file, password_path, user");
        assertThat(faults("passwordPath: x", Credentials.class)).endsWith("did you mean password_path?");
    }

    @Test
    void refusalOfTheWholeRecordIsReportedAtTheRecord() {
        assertThat(faults("nested:\n  waits: [1s, 2s, 3s]\n", Everything.class))
                .isEqualTo("test.yml:2:3: nested: more waits than anybody needs");
    }

    @Test
    void unknownKeyDoesNotHideWhatTheRecordRefuses() {
        assertThat(faults("nested:\n  waits: [1s, 2s, 3s]\n  colours: red\n", Everything.class))
                .isEqualTo("""
                        test.yml:2:3: nested: more waits than anybody needs
                        test.yml:3:3: nested.colours: unknown key; expected one of groups, waits, weight""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x10", "1_000", "010", "1.0", "ten", "2147483648", "''", "1e3", "[1]", "{a: 1}"})
    void looseWholeNumbersAreRefused(String text) {
        assertThat(faults("count: " + text, Everything.class))
                .contains("test.yml:1:8: count: ", "expected a whole number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "on", "True", "1", "''"})
    void looseTruthValuesAreRefused(String text) {
        assertThat(faults("enabled: " + text, Everything.class)).contains("expected true or false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1_0.5", "0x1p3", ".nan", ".inf", "1e999", "1:30"})
    void looseNumbersAreRefused(String text) {
        assertThat(faults("ratio: " + text, Everything.class)).contains("expected a number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:9090", "http:9090", "/path", "http://", "http://a b"})
    void addressesNeedSchemeAndHost(String text) {
        assertThat(faults("url: " + text, Everything.class)).contains("expected an address such as");
    }

    @Test
    void nothingInAListIsRefused() {
        assertThat(faults("words: [a, ~]", Everything.class))
                .isEqualTo("test.yml:1:12: words[1]: expected text, found nothing");
    }

    @Test
    void keyGivenTwiceIsRefused() {
        assertThat(faults("count: 1\nname: x\ncount: 2\n", Everything.class))
                .isEqualTo("test.yml:3:1: key count occurs twice, first in line 1");
    }

    @ParameterizedTest
    @CsvSource({
        "a${WORD}b, asesameb",
        "$${WORD}, ${WORD}",
        "cost 5$, cost 5$",
        "^sd.$|x, ^sd.$|x",
        "$1-${1}, $1-${1}",
        "{{ $value }}, {{ $value }}",
        "${WORD}${EMPTY}$$, sesame$",
    })
    void environmentIsPutIn(String written, String expected) throws Exception {
        assertThat(parse("name: '" + written + "'", Everything.class).name()).isEqualTo(expected);
    }

    @Test
    void environmentServesEveryType() throws Exception {
        Everything bound = parse("count: ${PORT}\nbearer_token: ${TOKEN}\nlisten: ':${PORT}'", Everything.class);

        assertThat(bound.count()).isEqualTo(9601);
        assertThat(bound.bearerToken()).isEqualTo(new Secret("s3cret"));
        assertThat(bound.listen()).isEqualTo(new ListenAddress("", 9601));
    }

    @ParameterizedTest
    @CsvSource({
        "${NOBODY}, environment variable NOBODY is not set",
        "${WORD, '${WORD: expected ${NAME} of an environment variable; a dollar sign itself is $$'",
        "${WORD:-x}, '${WORD:-x}: expected ${NAME} of an environment variable; a dollar sign itself is $$'",
        "${}, '${}: expected ${NAME} of an environment variable; a dollar sign itself is $$'",
    })
    void variablesThatCannotBePutInAreFaults(String written, String message) {
        assertThat(faults("name: '" + written + "'", Everything.class)).isEqualTo("test.yml:1:7: name: " + message);
    }

    @Test
    void valuesFromTheEnvironmentDoNotShowInFaults() {
        assertThat(faults("count: ${TOKEN}\nmode: ${TOKEN}\nlisten: ${TOKEN}", Everything.class))
                .doesNotContain("s3cret")
                .contains("count: ${TOKEN}: expected a whole number in the environment");
    }

    @Test
    void environmentIsNotReadAsYaml() throws Exception {
        assertThat(ConfigReader.bind("t", null, "name: ${X}", Everything.class, name -> "[a, b]: {")
                        .name())
                .isEqualTo("[a, b]: {");
    }

    @Test
    void secretIsReadFromTheFileBesideTheConfiguration(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("token"), "top secret\n\n");
        Path config = Files.writeString(folder.resolve("ember.yml"), "bearer_token_file: token\n");

        Everything bound = ConfigReader.read(config, Everything.class);

        assertThat(bound.bearerToken()).isEqualTo(new Secret("top secret\n"));
        assertThat(bound.toString()).doesNotContain("top secret");
    }

    @Test
    void secretFileIsForSecretsAlone(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("big"), "x".repeat(70_000));

        assertThat(faults("user_file: x", Credentials.class)).contains("user_file: unknown key");
        assertThat(faults("password: a\npassword_file: b", Credentials.class))
                .isEqualTo("test.yml:2:16: password_file: give password or password_file, not both");
        assertThat(faults("password_file: " + folder.resolve("none"), Credentials.class))
                .endsWith("none: no such file");
        assertThat(faults("password_file: " + folder, Credentials.class)).contains("cannot be read");
        assertThat(faults("password_file: " + folder.resolve("big"), Credentials.class))
                .contains("larger than a secret can be, 65536 bytes");
    }

    @Test
    void emptySecretFileKeyIsAsIfAbsent() throws Exception {
        assertThat(parse("password: a\npassword_file:\n", Credentials.class).password())
                .isEqualTo(new Secret("a"));
    }

    @Test
    void unreadableFilesAreSaidSo(@TempDir Path folder) throws IOException {
        Path latin = Files.write(folder.resolve("latin.yml"), new byte[] {'n', ':', ' ', (byte) 0xe9});

        assertThatThrownBy(() -> ConfigReader.read(folder.resolve("none.yml"), Everything.class))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("none.yml: no such file");
        assertThatThrownBy(() -> ConfigReader.read(folder, Everything.class))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> ConfigReader.read(latin, Everything.class)).hasMessageEndingWith("is not UTF-8 text");
    }

    @Test
    void aFileThatIsNoMappingIsRefused() {
        assertThat(faults("- a\n- b\n", Everything.class))
                .isEqualTo("test.yml:1:1: expected keys and values, found a list");
    }
}
