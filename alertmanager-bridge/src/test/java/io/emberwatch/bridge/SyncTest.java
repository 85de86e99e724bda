package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.testkit.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watches the system calls of a bridge: what was answered with 200 was given to the disk before. */
class SyncTest {
    private static final int NOTIFICATIONS = 20;

    @Test
    void everyAnswerComesAfterAnFsync(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "strace is not installed");
        int port = Ports.next();
        Path config = Files.writeString(folder.resolve("bridge.yml"), "{}");
        Path trace = folder.resolve("trace");
        List<String> command = new ArrayList<>(
                List.of("strace", "-f", "-s", "16", "-e", "trace=fsync,fdatasync,write", "-o", trace.toString()));
        command.addAll(CrashTest.command(folder.resolve("data"), config, port));
        Process bridge = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("bridge.log").toFile())
                .start();
        try {
            Fixture.await("bridge", Duration.ofSeconds(40), () -> post(port, "Begin") == 200);
            for (int i = 0; i < NOTIFICATIONS; i++) {
                assertThat(post(port, "Sync" + i)).isEqualTo(200);
            }
        } finally {
            bridge.descendants().forEach(ProcessHandle::destroyForcibly);
            bridge.destroyForcibly().waitFor();
        }
        int answers = 0;
        boolean synced = false;
        for (String line : Files.readAllLines(trace)) {
            if (line.matches(".* (fsync|fdatasync)\\(.*") || line.matches(".*<\\.\\.\\. (fsync|fdatasync) resumed.*")) {
                synced = true;
            } else if (line.contains("\"HTTP/1.1 200")) {
                assertThat(synced).as("fsync before answer %d", answers).isTrue();
                synced = false;
                answers++;
            }
        }
        assertThat(answers).isGreaterThanOrEqualTo(NOTIFICATIONS);
    }

    private static int post(int port, String group) {
        try {
            return Fixture.CLIENT
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/webhook"))
                                    .timeout(Duration.ofSeconds(5))
                                    .POST(HttpRequest.BodyPublishers.ofString(
                                            Payloads.group(group).firing("a").body()))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }
}
