package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.MetricFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TextfileWriterTest {
    @TempDir
    private Path folder;

    @Test
    void theFileIsReadableByAllAndEndsWithALineEnd() throws IOException {
        Path file = folder.resolve("sub/heat.prom");

        new TextfileWriter(file).write(List.of(MetricFamily.gauge("etcd_score", "Score.", 9.5)));

        assertThat(file).content().isEqualTo("# HELP etcd_score Score.\n# TYPE etcd_score gauge\netcd_score 9.5\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        assertThat(file.getParent()).isDirectoryContaining("glob:**.prom").isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void nothingToSayKeepsTheOldFile() throws IOException {
        Path file = folder.resolve("heat.prom");
        TextfileWriter writer = new TextfileWriter(file);
        writer.write(List.of(MetricFamily.gauge("etcd_score", "Score.", 9.5)));

        assertThatThrownBy(() -> writer.write(List.of())).isInstanceOf(IOException.class);

        assertThat(file).content().contains("etcd_score 9.5");
    }
}
