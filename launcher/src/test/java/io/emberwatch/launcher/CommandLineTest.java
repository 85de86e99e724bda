package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

final class CommandLineTest {
    @TempDir
    private Path folder;

    static Stream<List<String>> commands() {
        List<List<String>> paths = new ArrayList<>(List.of(List.of()));
        collect(Emberwatch.commandLine(), List.of(), paths);
        return paths.stream();
    }

    private static void collect(CommandLine command, List<String> path, List<List<String>> paths) {
        command.getSubcommands().forEach((name, child) -> {
            // These two are the library's own.
            if (!name.equals("help") && !name.equals("generate-completion")) {
                List<String> longer = new ArrayList<>(path);
                longer.add(name);
                paths.add(longer);
                collect(child, longer, paths);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpShowsAnExampleThatNamesTheCommand(List<String> path) {
        List<String> words = new ArrayList<>(path);
        words.add("--help");
        Cli run = Cli.run(words.toArray(String[]::new));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("Usage: emberwatch").contains("Examples:");
        assertThat(run.out().substring(run.out().indexOf("Examples:")))
                .contains(("  emberwatch " + String.join(" ", path)).stripTrailing());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyOptionSaysWhatItIsFor(List<String> path) {
        CommandLine command = Emberwatch.commandLine();
        for (String name : path) {
            command = command.getSubcommands().get(name);
        }
        assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
        assertThat(command.getCommandSpec().args())
                .allSatisfy(option -> assertThat(String.join(" ", option.description()))
                        .as(option.toString())
                        .isNotBlank());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nonsense                                  | Unmatched argument
            up --lissten :1                           | Unknown option
            up --listen nonsense                      | expected host:port
            up --etcd 10.0.0.1:2379                   | expected an address such as http://
            up --log-level loud                       | --log-level
            check                                     | --config
            exporter --config /nowhere/emberwatch.yml | there is no such file
            exporter --web-config /nowhere/web.yml    | there is no such file
            query                                     | EXPR
            query --url localhost up                  | expected an address such as http://
            query --time yesterday up                 | expected Unix seconds
            query --time 2026-13-01T00:00:00Z up      | expected Unix seconds
            query --end 5m up                         | --start
            query --start 1h --step 0s up             | expected more than nothing
            query --format xml up                     | xml
            rules                                     | backtest
            rules backtest                            | FILE
            rules backtest --url localhost f          | expected an address such as http://
            rules backtest --format xml f             | xml
            rules backtest --start 1h --end 2h f      | --end is before --start
            rules backtest --start 100d --step 1s f   | choose a longer --step
            rules backtest --data d --url http://a f  | not both
            rules backtest /nowhere/rules.yml         | no such file
            rules eval                                | EXPR
            rules eval up{                            | parse error
            rules check --against ftp://x f           | expected an address such as http://
            rules test --run ( f                      | --run
            scorer --loop often                       | often
            bridge render                             | give a file or --stored
            bridge render --stored 1 f                | give a file or --stored
            bridge render --stored x                  | --stored
            bridge route ab                           | expected name=value
            bridge discard                            | give numbers, or --all
            bridge discard --all 1                    | give numbers, or --all
            bridge replay one                         | one
            bridge check --config /nowhere/b.yml      | there is no such file
            silence                                   | add, list or expire?
            silence add a=b                           | --comment
            silence add --comment why ab              | expected name=value
            silence add --comment why --for x a=b     | --for
            sensor --count -1                         | expected 0 or more
            push                                      | ?
            push all                                  | nothing is configured under push
            push demo --duration soon                 | soon
            """)
    void usageErrorsSayWhatWasExpected(String line, String expected) {
        Cli run = Cli.run(line.split(" +"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Emberwatch.USAGE);
        assertThat(run.err()).contains(expected);
        assertThat(run.err().lines()).hasSizeLessThan(5);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void sensorPrintsSoManyLinesAndTheSameForASeed() {
        Cli run = Cli.run("sensor", "--count", "100", "--seed", "1");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .hasSize(100)
                .allMatch(line -> line.matches("0 0 0|[0-9]+\\.[0-9]{3} [4-8][0-9]{6} [0-9]+"));
        assertThat(Cli.run("sensor", "--count", "100", "--seed", "1").out()).isEqualTo(run.out());
        assertThat(Cli.run("sensor", "--count", "0").out()).isEmpty();
    }

    @Test
    void doctorFindsNothingWhereAllIsWell() {
        Cli run = Cli.run("doctor", "--data", folder.resolve("data").toString());
        assertThat(run.exitCode()).as(run.out()).isZero();
        assertThat(run.out()).contains("is writable").endsWith("all is well" + System.lineSeparator());
    }

    @Test
    void doctorNamesEveryTroubleWithARemedy() throws IOException {
        Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                exporter:
                  sensors: [{name: lost, command: [/nowhere/sensor]}]
                  etcd: {clusters: [{name: prod, members: [{url: "http://127.0.0.1:1"}]}]}
                bridge:
                  mattermost: [{name: chat, url: "http://127.0.0.1:1/hooks/secretpart"}]
                """);
        Path data = Files.writeString(folder.resolve("file"), "").resolve("data");
        Cli run = Cli.run("doctor", "--config", config.toString(), "--data", data.toString());
        assertThat(run.exitCode()).isEqualTo(Emberwatch.FAILED);
        assertThat(run.out())
                .contains("TROUBLE  data directory: cannot write to the data directory " + data)
                .contains("TROUBLE  sensor lost: /nowhere/sensor is not there")
                .contains("TROUBLE  etcd prod 127.0.0.1:1: ")
                .contains("TROUBLE  Mattermost chat: 127.0.0.1:1: ")
                .contains("4 troubles")
                .doesNotContain("secretpart");
    }

    @Test
    void doctorRefusesAFaultyConfiguration() throws IOException {
        Path config = Files.writeString(folder.resolve("emberwatch.yml"), "exportr: {}\n");
        Cli run = Cli.run("doctor", "--config", config.toString());
        assertThat(run.exitCode()).isEqualTo(Emberwatch.USAGE);
        assertThat(run.err()).contains(config + ":1:1: exportr: unknown key; did you mean exporter?");
    }

    @Test
    void checkCountsFaults() throws IOException {
        Path config = Files.writeString(folder.resolve("emberwatch.yml"), "exportr: {}\nbridge: {lissten: x}\n");
        Cli run = Cli.run("check", "--config", config.toString());
        assertThat(run.exitCode()).isEqualTo(Emberwatch.USAGE);
        assertThat(run.err()).contains(":1:1: ", ":2:", config + ": 2 faults");
        Files.writeString(config, "");
        assertThat(Cli.run("check", "--config", config.toString()).out()).isEqualTo(config + ": ok\n");
    }

    @Test
    void exporterChecksItsConfigurationToo() throws IOException {
        Path config = Files.writeString(folder.resolve("emberwatch.yml"), "exporter:\n  host: {collectors: [gpu]}\n");
        Cli run = Cli.run("exporter", "--check-config", "--config", config.toString());
        assertThat(run.exitCode()).isEqualTo(Emberwatch.USAGE);
        assertThat(run.err()).contains(config + ":2:", "gpu");
        Files.writeString(config, "exporter: {scrape_timeout: 3s}\n");
        assertThat(Cli.run("exporter", "--check-config", "--config", config.toString())
                        .out())
                .isEqualTo(config + ": ok\n");
    }

    @Test
    void exporterExplainsSeriesAndLines() throws IOException {
        Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                exporter:
                  sensors: [{name: oven}]
                  host: {collectors: [loadavg]}
                """);
        String file = "--config=" + config;
        assertThat(Cli.run("exporter", "explain", file, "node_load1").out())
                .contains("from source host/loadavg, gauge: 1m load average.", "  shown as it is");
        assertThat(Cli.run("exporter", "explain", file, "0 0 0").out())
                .contains("sensor oven: counted as a defect and kept out, because every value is zero");
        assertThat(Cli.run("exporter", "explain", file, "no_such_series").out())
                .contains("no source has or knows: no_such_series");
    }
}
