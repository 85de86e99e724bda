package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.model.Labels;
import io.emberwatch.testkit.Ports;
import io.emberwatch.testkit.mattermost.MattermostStub;
import io.emberwatch.testkit.mattermost.Post;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's Alertmanager on loopback, sending to the bridge. */
class RealAlertmanagerTest {
    private static final Path PROGRAM = Path.of("/usr/bin/prometheus-alertmanager");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();
    private MattermostStub mattermost;
    private Fixture bridge;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed");
        mattermost = MattermostStub.start();
        bridge = Fixture.start(folder.resolve("data"), """
                mattermost: [{name: chat, url: "%s"}]
                auth: {bearer_token: s3cret}
                """.formatted(mattermost.url("alerts")));
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        if (bridge != null) {
            bridge.close();
            mattermost.close();
        }
    }

    private int alertmanager(String path) throws IOException, InterruptedException {
        int port = Ports.next();
        Path config = folder.resolve("alertmanager-" + port + ".yml");
        Files.writeString(config, """
                route:
                  receiver: team.a
                  group_by: [cluster]
                  group_wait: 200ms
                  group_interval: 1s
                  repeat_interval: 1h
                receivers:
                  - name: team.a
                    webhook_configs:
                      - url: http://127.0.0.1:%d%s
                        send_resolved: true
                        http_config: {authorization: {credentials: s3cret}}
                """.formatted(bridge.port, path));
        processes.add(new ProcessBuilder(
                        PROGRAM.toString(),
                        "--config.file=" + config,
                        "--storage.path=" + folder.resolve("am-" + port),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address=")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("am-" + port + ".log").toFile())
                .start());
        Fixture.await("Alertmanager", PATIENCE, () -> status(port, "GET", "/-/ready", "") == 200);
        return port;
    }

    private static int status(int port, String method, String path, String body) {
        try {
            return Fixture.CLIENT
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .header("Content-Type", "application/json")
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
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

    private static void alert(int port, Instant startsAt, Instant endsAt) {
        assertThat(status(port, "POST", "/api/v2/alerts", """
                [{"labels":{"alertname":"Ill","cluster":"prod","instance":"a","severity":"critical"},
                  "annotations":{"summary":"it is ill"},"startsAt":"%s","endsAt":"%s",
                  "generatorURL":"http://prom.example/graph"}]
                """.formatted(startsAt, endsAt)))
                .isEqualTo(200);
    }

    @Test
    void whatFiresIsPostedOnceAndWhatIsResolvedIsPostedOnce() throws Exception {
        int port = alertmanager("/webhook");
        Instant now = LiveAlertmanager.now().minusSeconds(10);
        alert(port, now, now.plusSeconds(600));
        Post fired = mattermost.awaitPosts(1, PATIENCE).get(0);
        assertThat(fired.everything()).contains("[FIRING:1] Ill prod", "it is ill", "team.a");
        alert(port, now, LiveAlertmanager.now());
        Post resolved = mattermost.awaitPosts(2, PATIENCE).get(1);
        assertThat(resolved.everything()).contains("[RESOLVED] Ill prod");
        TimeUnit.MILLISECONDS.sleep(1500); // longer than its group interval
        assertThat(mattermost.posts()).hasSize(2);
        assertThat(bridge.get("/api/v1/bridge/notifications").body())
                .contains("\"source\":\"webhook\"", "\"receiver\":\"team.a\"");
    }

    @Test
    void twoAlertmanagersThatDoNotKnowEachOtherMakeOnePost() throws Exception {
        int first = alertmanager("/webhook/team");
        int second = alertmanager("/webhook/team");
        Instant now = LiveAlertmanager.now().minusSeconds(10);
        alert(first, now, now.plusSeconds(600));
        alert(second, now.plusSeconds(1), now.plusSeconds(600));
        mattermost.awaitPosts(1, PATIENCE);
        Fixture.await("both have told", PATIENCE, () -> received("duplicate") >= 1);
        alert(first, now, LiveAlertmanager.now());
        alert(second, now.plusSeconds(1), LiveAlertmanager.now());
        mattermost.awaitPosts(2, PATIENCE);
        Fixture.await("both have told", PATIENCE, () -> received("duplicate") >= 2);
        assertThat(mattermost.posts()).hasSize(2);
        assertThat(received("accepted")).isEqualTo(2);
    }

    private double received(String verdict) {
        try {
            return bridge.metric("emberwatch_bridge_received_total{verdict=\"" + verdict + "\"}");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void fingerprintsAreThoseOfAlertmanager() throws Exception {
        int port = alertmanager("/webhook");
        Instant now = LiveAlertmanager.now().minusSeconds(10);
        alert(port, now, now.plusSeconds(600));
        String alerts = Fixture.CLIENT
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v2/alerts"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(alerts)
                .contains("\"fingerprint\":\""
                        + NotifiedAlert.fingerprintOf(Labels.of(
                                "alertname", "Ill", "cluster", "prod", "instance", "a", "severity", "critical"))
                        + "\"");
    }
}
