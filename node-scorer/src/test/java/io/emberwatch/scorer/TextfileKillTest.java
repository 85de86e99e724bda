package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.TextFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader beside a writer that is killed again and again must never see less than a whole page. */
final class TextfileKillTest {
    private static final int KILLS = 4;
    private static final int READS_PER_LIFE = 200;
    private static final int SERIES = 2000;

    @TempDir
    private Path folder;

    @Test
    void aKilledWriterLeavesAWholePageAndNothingElseThatIsRead() throws Exception {
        Path file = folder.resolve("heat.prom");
        int pages = 0;
        for (int life = 0; life < KILLS; life++) {
            Process writer = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writing.class.getName(),
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
            try {
                assertThat(writer.getInputStream().read())
                        .as("the writer's first page is out")
                        .isEqualTo('.');
                for (int read = 0; read < READS_PER_LIFE; read++) {
                    assertWhole(file);
                    pages++;
                }
            } finally {
                writer.destroyForcibly();
                assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(writer.exitValue()).as("killed, not ended by itself").isEqualTo(128 + 9);
            assertWhole(file);
        }
        assertThat(pages).isEqualTo(KILLS * READS_PER_LIFE);
        assertThat(folder).isDirectoryContaining("glob:**/heat.prom");
        try (var files = Files.newDirectoryStream(folder, "*.prom")) {
            assertThat(files).containsExactly(file);
        }
    }

    private static void assertWhole(Path file) throws Exception {
        List<MetricFamily> families =
                ExpositionParser.parseFamilies(Files.readAllBytes(file), TextFormat.PROMETHEUS_0_0_4);
        assertThat(families).hasSize(1);
        assertThat(families.get(0).points()).hasSize(SERIES);
    }

    /** Writes pages until it is killed. */
    static final class Writing {
        private Writing() {}

        public static void main(String[] arguments) throws IOException {
            TextfileWriter writer = new TextfileWriter(Path.of(arguments[0]));
            for (int turn = 0; ; turn++) {
                List<MetricPoint> points = new ArrayList<>();
                for (int i = 0; i < SERIES; i++) {
                    points.add(MetricPoint.of("score", Labels.of("instance", "m" + i), turn));
                }
                writer.write(List.of(MetricFamily.of("score", MetricType.GAUGE, "Score.", points)));
                if (turn == 0) {
                    System.out.print('.');
                    System.out.flush();
                }
            }
        }
    }
}
