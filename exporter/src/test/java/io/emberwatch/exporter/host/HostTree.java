package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A machine made of files. */
final class HostTree {
    private final Path root;

    HostTree(Path root) {
        this.root = root;
    }

    HostPaths paths() {
        return new HostPaths(root.resolve("proc"), root.resolve("sys"), root, root.resolve("udev"));
    }

    /** Writes a file, {@code proc/stat} for example. */
    HostTree file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    /** What a collector says, as text without its HELP lines. */
    static String page(SampleSource collector) throws IOException {
        List<MetricFamily> families = collector.collect(Deadline.after(Duration.ofSeconds(10)));
        return ExpositionWriter.toText(families, TextFormat.PROMETHEUS_0_0_4).replaceAll("(?m)^# HELP.*\\n", "");
    }
}
