package io.emberwatch.scorer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.service.promapi.PrometheusClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;

/** A real Prometheus on loopback that holds recorded samples and scrapes nothing. */
final class ReplayPrometheus implements AutoCloseable {
    private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final Duration START_LIMIT = Duration.ofSeconds(20);

    private final Process process;
    private final PrometheusClient client;

    private ReplayPrometheus(Process process, PrometheusClient client) {
        this.process = process;
        this.client = client;
    }

    static void assumeInstalled() {
        assumeTrue(
                Files.isExecutable(PROMETHEUS) && Files.isExecutable(PROMTOOL),
                "/usr/bin/prometheus and /usr/bin/promtool are not installed");
    }

    /** Loads a compressed OpenMetrics page with timestamps and serves it. */
    static ReplayPrometheus ofCompressed(Path page, Path folder) throws IOException, InterruptedException {
        Path plain = folder.resolve("page.om");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(page));
                OutputStream out = Files.newOutputStream(plain)) {
            in.transferTo(out);
        }
        return of(plain, folder);
    }

    /** Loads an OpenMetrics page with timestamps and serves it. */
    static ReplayPrometheus of(Path plain, Path folder) throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        run(
                folder,
                PROMTOOL.toString(),
                "tsdb",
                "create-blocks-from",
                "openmetrics",
                plain.toString(),
                data.toString());
        Path config = Files.writeString(folder.resolve("prometheus.yml"), "global: {}\n");
        int port = freePort();
        Process process = started(
                folder,
                PROMETHEUS.toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + data,
                "--storage.tsdb.retention.time=100y",
                "--web.listen-address=127.0.0.1:" + port);
        ReplayPrometheus replay =
                new ReplayPrometheus(process, new PrometheusClient(URI.create("http://127.0.0.1:" + port)));
        try {
            replay.awaitAnswer(folder);
        } catch (IOException | RuntimeException | Error e) {
            replay.close();
            throw e;
        }
        return replay;
    }

    PrometheusClient client() {
        return client;
    }

    private void awaitAnswer(Path folder) throws IOException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                client.instant("1", Instant.EPOCH);
                return;
            } catch (io.emberwatch.model.flow.QueryException notYet) {
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
        throw new IOException("Prometheus does not answer: " + Files.readString(folder.resolve("log")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Process started(Path folder, String... command) throws IOException {
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    private static void run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = started(folder, command);
        if (!process.waitFor(180, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(
                    List.of(command) + ": " + Files.readString(folder.resolve("log"), StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
