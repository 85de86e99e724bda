package io.emberwatch.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Debian's Alertmanager 0.25 on loopback, a cluster of one. */
final class AlertmanagerServer implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final ServerProcess process;

    private AlertmanagerServer(Path folder, int port, ServerProcess process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** One that tells nobody. */
    static AlertmanagerServer start(Path folder, int port) throws Exception {
        return start(folder, port, "route: {receiver: none}\nreceivers: [{name: none}]\n");
    }

    /** @param configuration the alertmanager.yml */
    static AlertmanagerServer start(Path folder, int port, String configuration) throws Exception {
        Path own = Files.createDirectories(folder.resolve("alertmanager"));
        Path config = Files.writeString(own.resolve("alertmanager.yml"), configuration);
        ServerProcess process = ServerProcess.start(
                "alertmanager",
                own,
                List.of(
                        Peers.program("/usr/bin/prometheus-alertmanager", "prometheus-alertmanager"),
                        "--config.file=" + config,
                        "--storage.path=" + own.resolve("data"),
                        "--cluster.listen-address=",
                        "--web.listen-address=127.0.0.1:" + port));
        AlertmanagerServer server = new AlertmanagerServer(own, port, process);
        try {
            Peers.await("Alertmanager is ready", Duration.ofSeconds(30), () -> Http.isOk(server.url() + "/-/ready"));
        } catch (Throwable failed) {
            process.close();
            throw failed;
        }
        return server;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Tells it of an alert that fires, as Prometheus does. */
    void alert(String name) throws IOException {
        Http.post(url() + "/api/v2/alerts", "application/json", """
                [{"labels": {"alertname": "%s", "cluster": "prod", "severity": "critical"},
                  "annotations": {"summary": "it is ill"}, "generatorURL": "http://prometheus.example.test/graph"}]
                """.formatted(name));
    }

    /** What amtool prints about it at length. */
    String amtool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Peers.program("/usr/bin/amtool", "prometheus-alertmanager"), "--alertmanager.url=" + url()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-o", "extended"));
        ServerProcess amtool = ServerProcess.start("amtool-" + System.nanoTime(), folder, command);
        if (amtool.waitFor(20) != 0) {
            throw new AssertionError(amtool.tail());
        }
        return amtool.output();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String tail() {
        return process.tail();
    }

    @Override
    public void close() {
        process.close();
    }
}
