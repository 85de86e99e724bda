package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk that holds offsets and unsent samples is full for a while: the exporter goes on, says so and recovers. */
final class FullDiskExporterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private int port;

    @Test
    void logsAreCountedAndSamplesKeptThoughTheDiskIsFull() throws Exception {
        port = Peers.freePort();
        Path log = folder.resolve("app.log");
        Files.writeString(log, "one\n");
        try (MemoryDisk disk = MemoryDisk.mount(folder.resolve("disk"), "256k")) {
            Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                    exporter:
                      host: {enabled: false}
                      tails:
                        - {name: app, paths: [%s], from: beginning, poll: 100ms, rules: [
                            {name: app_lines_total},
                            {name: app_ids_total, match: '(?P<id>\\d+)', labels: {id: id}}]}
                      push:
                        - name: nobody
                          every: 1s
                          sources: [tail]
                          influx: {url: "http://127.0.0.1:%d", database: d, timeout: 1s}
                    """.formatted(log, Peers.freePort()));
            ServerProcess exporter = start(config, disk.folder());
            try {
                Peers.await("the line is counted", PATIENCE, () -> shows("app_lines_total 1"));
                Path filling = disk.fill();
                // More than fits into the last page of the file of offsets, which is allocated already.
                StringBuilder lines = new StringBuilder();
                for (int i = 0; i < 1000; i++) {
                    lines.append("id ").append(i).append('\n');
                }
                Files.writeString(log, lines, StandardOpenOption.APPEND);
                Peers.await(
                        "lines are counted though they cannot be saved",
                        PATIENCE,
                        () -> shows("app_lines_total 1001")
                                && shows("emberwatch_exporter_tail_saved{tail=\"app\"} 0")
                                && shows("emberwatch_exporter_push_kept{push=\"nobody\"} 0"));
                assertThat(exporter.output())
                        .contains("offsets and values cannot be saved")
                        .contains("No space left");
                Files.delete(filling);
                Peers.await(
                        "all is saved once there is room",
                        PATIENCE,
                        () -> shows("emberwatch_exporter_tail_saved{tail=\"app\"} 1")
                                && shows("emberwatch_exporter_push_kept{push=\"nobody\"} 1"));
                exporter.kill();
                Files.writeString(log, "last\n", StandardOpenOption.APPEND);
                exporter = start(config, disk.folder());
                Peers.await("nothing is lost or doubled", PATIENCE, () -> shows("app_lines_total 1002"));
            } finally {
                exporter.close();
            }
        }
    }

    private ServerProcess start(Path config, Path data) throws Exception {
        ServerProcess exporter = Program.start(
                "exporter",
                folder,
                "exporter",
                "--config",
                config.toString(),
                "--listen",
                "127.0.0.1:" + port,
                "--data",
                data.toString());
        Peers.await("the exporter is ready", PATIENCE, () -> Http.isOk("http://127.0.0.1:" + port + "/-/ready"));
        return exporter;
    }

    private boolean shows(String line) throws IOException {
        return Http.get("http://127.0.0.1:" + port + "/metrics").body().contains("\n" + line + "\n");
    }
}
