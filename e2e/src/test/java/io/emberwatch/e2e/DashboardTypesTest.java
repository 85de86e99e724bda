package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboards against the types of {@code @grafana/schema}, as the TypeScript compiler sees them. */
final class DashboardTypesTest {
    private static final Path TOOL = Path.of("src/test/grafana");
    private static final Path NPM = Path.of("/usr/bin/npm");

    @TempDir
    private Path folder;

    @Test
    void everyDashboardHasTheTypesOfGrafanasSchema() throws Exception {
        assumeTrue(Files.isExecutable(NPM), "npm is not installed");
        for (String file : List.of("package.json", "package-lock.json", "check.js")) {
            Files.copy(TOOL.resolve(file), folder.resolve(file));
        }
        ran(0, NPM.toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");

        assertThat(checked(0, Program.home().resolve("grafana/dashboards"))).contains("\n8 dashboards, 0 faults\n");

        Path wrong = Files.createDirectories(folder.resolve("wrong"));
        String dashboard = Files.readString(Program.home().resolve("grafana/dashboards/etcd-heatmap.json"));
        Files.writeString(
                wrong.resolve("heatmap.json"),
                dashboard
                        .replaceFirst("\"showValue\": \"auto\"", "\"showValue\": \"perhaps\"")
                        .replaceFirst("\"refresh\": 2", "\"refresh\": 7")
                        .replaceFirst("\"legendFormat\"", "\"legend\""));
        assertThat(checked(1, wrong))
                .contains("\"perhaps\"", "Type '7' is not assignable", "'\"legend\"' does not exist")
                .contains("\n1 dashboards, 3 faults\n");
    }

    private String checked(int expected, Path dashboards) throws Exception {
        return ran(
                expected,
                "/usr/bin/node",
                "check.js",
                dashboards.toAbsolutePath().toString());
    }

    private String ran(int expected, String... command) throws Exception {
        try (ServerProcess process = ServerProcess.start("check-" + System.nanoTime(), folder, List.of(command))) {
            assertThat(process.waitFor(120)).as(process.output()).isEqualTo(expected);
            return "\n" + process.output();
        }
    }
}
