package io.emberwatch.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A package of npm's registry, for tests only. */
final class NpmPackage {
    private static final Path NPM = Path.of("/usr/bin/npm");

    private NpmPackage() {}

    /**
     * Installs it once for all runs; without npm or its registry the test reports itself as skipped.
     *
     * @param version as npm takes it: {@code name@version}
     * @param folder where its {@code node_modules} are
     * @param work where npm runs
     */
    static void install(String version, Path folder, Path work) throws Exception {
        assumeTrue(Files.isExecutable(NPM), "SKIPPED: npm is not installed, which brings " + version);
        String name = version.substring(0, version.lastIndexOf('@'));
        if (Files.isRegularFile(folder.resolve("node_modules/" + name + "/package.json"))) {
            return;
        }
        Files.createDirectories(folder);
        ServerProcess installs = ServerProcess.start(
                "npm",
                work,
                List.of(
                        NPM.toString(),
                        "install",
                        "--prefix=" + folder,
                        "--no-audit",
                        "--no-fund",
                        "--ignore-scripts",
                        version));
        int code = installs.waitFor(120);
        assumeTrue(code == 0, () -> "SKIPPED: npm could not install " + version + ": " + installs.tail());
    }
}
