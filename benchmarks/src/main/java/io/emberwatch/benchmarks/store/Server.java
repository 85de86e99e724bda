package io.emberwatch.benchmarks.store;

import io.emberwatch.benchmarks.Measured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A server under measurement: a Prometheus or the rule engine, as a process of its own with its own data. */
final class Server implements AutoCloseable {
    private static final String PROMETHEUS = "/usr/bin/prometheus";
    private static final int HTTP_OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process process;
    private final Path data;
    private final String url;

    private Server(Path folder, int port, List<String> command) throws IOException {
        data = folder.resolve("data");
        url = "http://127.0.0.1:" + port;
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    static Server prometheus(Path folder, String configuration) throws IOException {
        if (!Files.isExecutable(Path.of(PROMETHEUS))) {
            throw new IOException(PROMETHEUS + " is missing; the Debian package is prometheus");
        }
        Files.createDirectories(folder);
        int port = freePort();
        Path file = Files.writeString(folder.resolve("prometheus.yml"), configuration);
        return new Server(
                        folder,
                        port,
                        List.of(
                                PROMETHEUS,
                                "--config.file=" + file,
                                "--storage.tsdb.path=" + folder.resolve("data"),
                                "--web.listen-address=127.0.0.1:" + port,
                                "--web.enable-remote-write-receiver"))
                .ready();
    }

    static Server engine(Path folder, String configuration) throws IOException {
        return engine(folder, configuration, "");
    }

    /** @param store more of the configuration's {@code rules.store}, beginning with a comma; or nothing */
    static Server engine(Path folder, String configuration, String store) throws IOException {
        Files.createDirectories(folder);
        int port = freePort();
        Path file = Files.writeString(folder.resolve("prometheus.yml"), configuration);
        Path own = Files.writeString(
                folder.resolve("emberwatch.yml"),
                "rules: {prometheus_config: " + file + ", store: {series_limit: 2000000" + store + "}}\n");
        // With the flags that bin/emberwatch gives `rules`.
        return new Server(
                        folder,
                        port,
                        List.of(
                                "java",
                                "-XX:+UseSerialGC",
                                "-Xms64m",
                                "-XX:MaxNewSize=128m",
                                "-XX:MinHeapFreeRatio=20",
                                "-XX:MaxHeapFreeRatio=40",
                                "-Xss1m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "io.emberwatch.launcher.Emberwatch",
                                "rules",
                                "run",
                                "--config=" + own,
                                "--data=" + folder.resolve("data"),
                                "--listen=127.0.0.1:" + port))
                .ready();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Server ready() throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                HttpRequest request =
                        HttpRequest.newBuilder(URI.create(url + "/-/ready")).build();
                if (send(request).statusCode() == HTTP_OK) {
                    return this;
                }
            } catch (IOException notYet) {
                // It is still starting.
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        throw new IOException(url + " does not get ready; see the log beside " + data);
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Writes a block of remote write; it must be taken. */
    void write(byte[] block) throws IOException {
        HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(url + "/api/v1/write"))
                .header("Content-Encoding", "snappy")
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(block))
                .build());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(url + " answered " + response.statusCode() + " " + response.body());
        }
    }

    /** The answer to an instant query, as text. */
    String query(String expression) throws IOException {
        return send(HttpRequest.newBuilder(URI.create(url + "/api/v1/query?query=" + expression))
                        .build())
                .body();
    }

    double cpuSeconds() throws IOException {
        return Measured.cpuSeconds(process.pid());
    }

    long residentBytes() throws IOException {
        return Measured.residentBytes(process.pid());
    }

    /** Bytes of all files of its data. */
    long diskBytes() throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
