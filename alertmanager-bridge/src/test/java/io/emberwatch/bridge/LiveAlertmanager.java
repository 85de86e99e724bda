package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.testkit.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Debian's Alertmanager on a free loopback port. */
final class LiveAlertmanager implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/prometheus-alertmanager");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final int port;
    private final Path folder;
    private Process process;

    private LiveAlertmanager(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** The time by which it judges alerts and the bridge beside it judges tokens: both have no clock but the wall's. */
    static Instant now() {
        return Instant.now();
    }

    /** @param webhook where it posts to */
    static LiveAlertmanager start(Path folder, String webhook) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed");
        int port = Ports.next();
        LiveAlertmanager made = new LiveAlertmanager(folder, port);
        Files.writeString(folder.resolve("alertmanager-" + port + ".yml"), """
                route: {receiver: team, group_by: [cluster], group_wait: 200ms, group_interval: 1s, repeat_interval: 1h}
                receivers:
                  - name: team
                    webhook_configs: [{url: "%s", send_resolved: true}]
                """.formatted(webhook));
        made.run();
        return made;
    }

    void run() throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--config.file=" + folder.resolve("alertmanager-" + port + ".yml"),
                        "--storage.path=" + folder.resolve("am-" + port),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address=")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("am-" + port + ".log").toFile())
                .start();
        Fixture.await("Alertmanager", PATIENCE, () -> status("GET", "/-/ready", "") == 200);
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    int status(String method, String path, String body) {
        try {
            return send(method, path, body).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return Fixture.CLIENT.send(
                HttpRequest.newBuilder(URI.create(url() + path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    void alert(String name, String instance, Instant startsAt, Instant endsAt) {
        assertThat(status("POST", "/api/v2/alerts", """
                [{"labels":{"alertname":"%s","cluster":"prod","instance":"%s","severity":"critical"},
                  "annotations":{"summary":"it is ill","runbook_url":"https://runbooks.example/%s"},
                  "startsAt":"%s","endsAt":"%s","generatorURL":"http://prom.example/graph"}]
                """.formatted(name, instance, name, startsAt, endsAt)))
                .isEqualTo(200);
    }

    JsonNode get(String path) {
        try {
            return new ObjectMapper().readTree(send("GET", path, "").body());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** How many silences are not over. */
    int silences() {
        int active = 0;
        for (JsonNode silence : get("/api/v2/silences")) {
            active += silence.path("status").path("state").asText().equals("active") ? 1 : 0;
        }
        return active;
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
