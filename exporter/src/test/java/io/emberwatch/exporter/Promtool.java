package io.emberwatch.exporter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Debian's promtool, the judge of pages. */
final class Promtool {
    private static final Path PROGRAM = Path.of("/usr/bin/promtool");

    private Promtool() {}

    /** What {@code promtool check metrics} finds in a page; throws when it cannot even be parsed. */
    static List<String> lint(String page) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "promtool is not installed");
        Path in = Files.createTempFile("page", ".prom");
        Path out = Files.createTempFile("lint", ".txt");
        try {
            Files.writeString(in, page);
            Process process = new ProcessBuilder(PROGRAM.toString(), "check", "metrics")
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectErrorStream(true)
                    .start();
            int code = process.waitFor();
            String text = Files.readString(out);
            if (code != 0 && code != 3) {
                throw new IOException("promtool refuses the page: " + text);
            }
            return text.lines().toList();
        } finally {
            Files.delete(in);
            Files.delete(out);
        }
    }
}
