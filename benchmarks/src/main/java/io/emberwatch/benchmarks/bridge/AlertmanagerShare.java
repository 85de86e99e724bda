package io.emberwatch.benchmarks.bridge;

import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Processor time that an alert takes at a real Alertmanager and at the bridge that it posts to, in one flow. */
final class AlertmanagerShare {
    private static final String PROGRAM = "/usr/bin/prometheus-alertmanager";
    private static final int ALERTS = 5000;

    private final Path folder;
    private final HttpClient client = HttpClient.newHttpClient();

    AlertmanagerShare(Path folder) {
        this.folder = folder;
    }

    void run(Report report) throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(PROGRAM))) {
            throw new IOException(PROGRAM + " is missing; the Debian package is prometheus-alertmanager");
        }
        compare(report, 1);
        compare(report, 100);
    }

    private void compare(Report report, int size) throws IOException, InterruptedException {
        Path own = Files.createDirectory(folder.resolve("share-" + size));
        try (BridgeProcess bridge = new BridgeProcess(own)) {
            int port = BridgeProcess.freePort();
            Process alertmanager = start(own, port, bridge.port());
            try {
                flow(port, bridge, size, "Warm");
                flow(port, bridge, size, "Warmer");
                double[] ours = new double[3];
                double[] theirs = new double[3];
                for (int round = 0; round < 3; round++) {
                    double before = bridge.cpuSeconds();
                    double peer = Measured.cpuSeconds(alertmanager.pid());
                    flow(port, bridge, size, "Round" + round);
                    ours[round] = (bridge.cpuSeconds() - before) / ALERTS * 1e6;
                    theirs[round] = (Measured.cpuSeconds(alertmanager.pid()) - peer) / ALERTS * 1e6;
                }
                report.atMost(
                        "processor time for an alert, groups of " + size,
                        Measured.median(ours),
                        Measured.median(theirs),
                        "µs",
                        1);
            } finally {
                alertmanager.destroyForcibly().waitFor();
            }
        }
    }

    private Process start(Path own, int port, int bridge) throws IOException, InterruptedException {
        Path config = Files.writeString(own.resolve("alertmanager.yml"), """
                route: {receiver: bridge, group_by: [alertname, number], group_wait: 1s, group_interval: 5m, repeat_interval: 4h}
                receivers: [{name: bridge, webhook_configs: [{url: "http://127.0.0.1:%d/webhook"}]}]
                """.formatted(bridge));
        Process process = new ProcessBuilder(
                        PROGRAM,
                        "--config.file=" + config,
                        "--storage.path=" + own.resolve("alertmanager"),
                        "--cluster.listen-address=",
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(own.resolve("alertmanager.log").toFile())
                .start();
        for (int i = 0; i < 100; i++) {
            try {
                if (get("http://127.0.0.1:" + port + "/-/ready").statusCode() == 200) {
                    return process;
                }
            } catch (IOException notYet) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
        throw new IOException("Alertmanager did not start");
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private void flow(int port, BridgeProcess bridge, int size, String name) throws IOException, InterruptedException {
        long before = received(bridge);
        for (int batch = 0; batch < ALERTS / 100; batch++) {
            StringBuilder body = new StringBuilder("[");
            for (int i = 0; i < 100; i++) {
                int number = (batch * 100 + i) / size;
                body.append(i == 0 ? "" : ",")
                        .append("{\"labels\":")
                        .append(Bodies.labels(name, number, i))
                        .append(",\"annotations\":{\"summary\":\"the instance does not answer any more\"},")
                        .append("\"generatorURL\":\"http://prometheus.example/graph?g0.expr=up\"}");
            }
            client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v2/alerts"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    body.append(']').toString(), StandardCharsets.UTF_8))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (received(bridge) - before < ALERTS / size) {
            if (System.nanoTime() > end) {
                throw new IOException("not everything came through");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        }
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(7)); // the digest is on its way
    }

    private long received(BridgeProcess bridge) throws IOException, InterruptedException {
        String page = get("http://127.0.0.1:" + bridge.port() + "/metrics").body();
        return page.lines()
                .filter(line -> line.startsWith("emberwatch_bridge_received_total{verdict=\"accepted\"}"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
