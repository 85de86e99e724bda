package io.emberwatch.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A small file system of its own: one that can be full, or read-only even for root. */
final class MemoryDisk implements AutoCloseable {
    private final Path folder;

    private MemoryDisk(Path folder) {
        this.folder = folder;
    }

    /** Mounts one, or skips the test and says so where that is not allowed. */
    static MemoryDisk mount(Path folder, String size) throws Exception {
        assumeTrue(
                System.getProperty("user.name").equals("root") && Files.isExecutable(Path.of("/usr/bin/mount")),
                "only root mounts file systems: skipped");
        Files.createDirectories(folder);
        String refusal = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
        assumeTrue(refusal.isEmpty(), () -> "mounting is not allowed here: skipped: " + refusal);
        return new MemoryDisk(folder);
    }

    Path folder() {
        return folder;
    }

    void makeReadOnly() throws Exception {
        String refusal = run("mount", "-o", "remount,ro", folder.toString());
        assumeTrue(refusal.isEmpty(), () -> "mounting read-only is not allowed here: skipped: " + refusal);
    }

    /** Takes every byte that is left; gives the file that holds them. */
    Path fill() throws IOException {
        Path file = folder.resolve("filling");
        byte[] block = new byte[512];
        try (var out = Files.newOutputStream(file)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            return file;
        }
    }

    /** Nothing when it went well, otherwise what it says. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return String.join(" ", command) + " does not end";
        }
        return process.exitValue() == 0 ? "" : output.trim() + " (" + process.exitValue() + ")";
    }

    @Override
    public void close() throws IOException {
        try {
            String refusal = run("umount", folder.toString());
            if (!refusal.isEmpty()) {
                throw new IOException(refusal);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
