package io.emberwatch.benchmarks.rules;

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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A Prometheus of Debian's package, on loopback. */
final class PrometheusPeer implements AutoCloseable {
    private static final String SERVER = "/usr/bin/prometheus";
    private static final String TOOL = "/usr/bin/promtool";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final String base;

    private PrometheusPeer(Process process, String base) {
        this.process = process;
        this.base = base;
    }

    static String tool() throws IOException {
        if (!Files.isExecutable(Path.of(TOOL))) {
            throw new IOException(TOOL + " is missing: apt-get install prometheus");
        }
        return TOOL;
    }

    static PrometheusPeer start(Path folder, String config) throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(SERVER))) {
            throw new IOException(SERVER + " is missing: apt-get install prometheus");
        }
        Files.writeString(folder.resolve("prometheus.yml"), config);
        String address = "127.0.0.1:" + freePort();
        Process process = new ProcessBuilder(
                        SERVER,
                        "--config.file=" + folder.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--storage.tsdb.retention.time=100y",
                        "--web.enable-lifecycle",
                        "--web.listen-address=" + address)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        PrometheusPeer peer = new PrometheusPeer(process, "http://" + address);
        peer.awaitReady(folder);
        return peer;
    }

    /** Makes blocks below {@code folder/data} from an OpenMetrics page. */
    static void blocks(Path folder, Path page) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        tool(),
                        "tsdb",
                        "create-blocks-from",
                        "openmetrics",
                        page.toString(),
                        folder.resolve("data").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("promtool.log").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("promtool: " + Files.readString(folder.resolve("promtool.log")));
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady(Path folder) throws IOException, InterruptedException {
        for (int i = 0; i < 300; i++) {
            try {
                if (send("/-/ready", "GET").statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                if (!process.isAlive()) {
                    throw new IOException(Files.readString(folder.resolve("prometheus.log")), notYet);
                }
            }
            pause(Duration.ofMillis(100));
        }
        throw new IOException("Prometheus does not become ready");
    }

    static void pause(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private HttpResponse<String> send(String path, String method) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofMinutes(2))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    String base() {
        return base;
    }

    String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(path, "GET");
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.body());
        }
        return answer.body();
    }

    void reload() throws IOException, InterruptedException {
        HttpResponse<String> answer = send("/-/reload", "POST");
        if (answer.statusCode() != 200) {
            throw new IOException(answer.body());
        }
    }

    double cpuSeconds() throws IOException {
        return Measured.cpuSeconds(process.pid());
    }

    /** The sum of a metric of the server's own. */
    double metric(String name) throws IOException, InterruptedException {
        double sum = 0;
        List<String> lines = new ArrayList<>(get("/metrics").lines().toList());
        for (String line : lines) {
            if (line.startsWith(name + "{") || line.startsWith(name + " ")) {
                sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return sum;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
