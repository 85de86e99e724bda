package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code prometheus/} ships, judged by the tools of the servers that load it, and by our own. */
final class PrometheusFilesTest {
    private static final Path SHIPPED = Path.of("../prometheus");

    @Test
    void promtoolAcceptsTheConfigurationAndTheRules() throws Exception {
        run(
                "/usr/bin/promtool",
                List.of("check", "config", SHIPPED.resolve("prometheus.yml").toString()));
        run("/usr/bin/promtool", with(List.of("check", "rules"), "rules"));
    }

    @Test
    void everyRuleTestPassesWithPromtoolAndWithOurs() throws Exception {
        run("/usr/bin/promtool", with(List.of("test", "rules"), "tests"));

        String[] ours = with(List.of("rules", "test"), "tests").toArray(String[]::new);
        assertThat(Emberwatch.execute(ours)).isEqualTo(Emberwatch.OK);
    }

    @Test
    void amtoolAcceptsTheRouting() throws Exception {
        String file = SHIPPED.resolve("alertmanager.yml").toString();
        run("/usr/bin/amtool", List.of("check-config", file));

        String routed = run(
                "/usr/bin/amtool",
                List.of("config", "routes", "test", "--config.file=" + file, "severity=critical", "cluster=prod"));
        assertThat(routed.trim()).endsWith("emberwatch-critical");
    }

    private static List<String> with(List<String> command, String folder) throws IOException {
        List<String> arguments = new ArrayList<>(command);
        try (Stream<Path> files = Files.list(SHIPPED.resolve(folder))) {
            files.sorted().forEach(file -> arguments.add(file.toString()));
        }
        return arguments;
    }

    private static String run(String program, List<String> arguments) throws Exception {
        assumeTrue(Files.isExecutable(Path.of(program)), program + " is not here: skipped");
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
