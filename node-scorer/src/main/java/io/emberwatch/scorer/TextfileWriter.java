package io.emberwatch.scorer;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Keeps a {@code .prom} file for node_exporter's textfile collector: written beside its place under a name the collector
 * does not read, then moved there in one step, readable by all. The file is never empty and never half written.
 */
final class TextfileWriter {
    private final Path file;

    TextfileWriter(Path file) {
        this.file = file.toAbsolutePath();
    }

    void write(List<MetricFamily> families) throws IOException {
        Path folder = file.getParent();
        if (folder == null || families.isEmpty()) {
            throw new IOException(file + ": nothing to write, or nowhere to write it");
        }
        Files.createDirectories(folder);
        Path unfinished = folder.resolve(file.getFileName() + ".tmp");
        try {
            try (OutputStream out = Files.newOutputStream(unfinished)) {
                ExpositionWriter.write(families, TextFormat.PROMETHEUS_0_0_4, out);
            }
            PosixFileAttributeView rights = Files.getFileAttributeView(unfinished, PosixFileAttributeView.class);
            if (rights != null) {
                rights.setPermissions(PosixFilePermissions.fromString("rw-r--r--"));
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
