package io.emberwatch.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Debian's Prometheus 2.42 on loopback; may be killed and started again on its data. */
final class PrometheusServer implements AutoCloseable {
    private final String name;
    private final Path folder;
    private final int port;
    private ServerProcess process;

    private PrometheusServer(String name, Path folder, int port) {
        this.name = name;
        this.folder = folder;
        this.port = port;
    }

    /** @param configuration the prometheus.yml; {@code PORT} in it is the server's own port */
    static PrometheusServer start(String name, Path folder, String configuration) throws Exception {
        return start(name, folder, Peers.freePort(), configuration);
    }

    /** The same on a port that others know already. */
    static PrometheusServer start(String name, Path folder, int port, String configuration) throws Exception {
        PrometheusServer server = new PrometheusServer(name, folder.resolve(name), port);
        Files.createDirectories(server.folder);
        Files.writeString(
                server.folder.resolve("prometheus.yml"), configuration.replace("PORT", Integer.toString(server.port)));
        server.restart();
        return server;
    }

    /** Where a server of this name in this folder keeps its data, for what is to be there before it starts. */
    static Path data(String name, Path folder) {
        return folder.resolve(name).resolve("data");
    }

    /** Writes a page of samples with their times into the data of a server that is not running. */
    static void fill(Path page, Path data) throws Exception {
        try (ServerProcess blocks = ServerProcess.start(
                "promtool",
                page.getParent(),
                List.of(
                        Peers.program("/usr/bin/promtool", "prometheus"),
                        "tsdb",
                        "create-blocks-from",
                        "openmetrics",
                        "--max-block-duration=500h",
                        "--quiet",
                        page.toString(),
                        data.toString()))) {
            if (blocks.waitFor(120) != 0) {
                throw new IOException(blocks.output());
            }
        }
    }

    void restart() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Peers.program("/usr/bin/prometheus", "prometheus"),
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--web.enable-remote-write-receiver"));
        process = ServerProcess.start(name, folder, command);
        Peers.await(name + " is ready", Duration.ofSeconds(30), () -> Http.isOk(url() + "/-/ready"));
    }

    /** Makes it read its configuration and rules again. */
    void hangUp() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    String tail() throws IOException {
        return process.tail();
    }

    @Override
    public void close() {
        process.close();
    }
}
