package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.emberwatch.testkit.Ports;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Debian's Alertmanager makes of each answer of the bridge: nothing is forgotten, nothing told for ever.
 */
class AnswersToAlertmanagerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private MattermostStub mattermost;
    private int port;
    private Fixture bridge;

    @BeforeEach
    void prepare() throws IOException {
        mattermost = MattermostStub.start();
        port = Ports.next();
    }

    @AfterEach
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        mattermost.close();
    }

    private void startBridge(String more) throws IOException {
        bridge = Fixture.start(folder.resolve("data"), """
                mattermost: [{name: chat, url: "%s", rate_per_second: 1000, burst: 1000}]
                routes: [{receiver: known, channels: [chat]}]
                %s""".formatted(mattermost.url("alerts"), more), port);
    }

    private String webhook(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    private static double metric(LiveAlertmanager alertmanager, String start) {
        try {
            HttpResponse<String> page = Fixture.CLIENT.send(
                    HttpRequest.newBuilder(URI.create(alertmanager.url() + "/metrics"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return page.body()
                    .lines()
                    .filter(line -> line.startsWith(start))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private static double requests(LiveAlertmanager alertmanager) {
        return metric(alertmanager, "alertmanager_notification_requests_total{integration=\"webhook\"}");
    }

    private static double failed(LiveAlertmanager alertmanager) {
        return metric(alertmanager, "alertmanager_notifications_failed_total{integration=\"webhook\"");
    }

    private double received(String verdict) {
        try {
            return bridge.metric("emberwatch_bridge_received_total{verdict=\"" + verdict + "\"}");
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private static void fire(LiveAlertmanager alertmanager) {
        Instant now = LiveAlertmanager.now().minusSeconds(10);
        alertmanager.alert("Ill", "a", now, now.plusSeconds(600));
    }

    @Test
    void a200IsTheEndOfItAlsoForAReceiverThatNoRouteNames() throws Exception {
        startBridge("");
        try (LiveAlertmanager alertmanager = LiveAlertmanager.start(folder, webhook("/webhook/unheard-of"))) {
            fire(alertmanager);
            mattermost.awaitPosts(1, PATIENCE);
            // A second group shows that Alertmanager has gone on.
            alertmanager.alert(
                    "Other", "b", LiveAlertmanager.now(), LiveAlertmanager.now().plusSeconds(600));
            mattermost.awaitPosts(2, PATIENCE);
            assertThat(requests(alertmanager)).isEqualTo(2);
            assertThat(failed(alertmanager)).isZero();
            assertThat(bridge.metric("emberwatch_bridge_unknown_receivers_total"))
                    .isEqualTo(2);
        }
    }

    @Test
    void a503IsTriedAgainAtOnceUntilTheDiskIsBack() throws Exception {
        startBridge("");
        try (LiveAlertmanager alertmanager = LiveAlertmanager.start(folder, webhook("/webhook/known"))) {
            try (Connection other =
                            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/bridge/outbox.db"));
                    Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                long began = System.nanoTime();
                HttpResponse<String> refused = bridge.post(
                        "/webhook/known", Payloads.group("Direct").firing("a").body());
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(System.nanoTime() - began)
                        .as("an answer within the 10 s that Alertmanager waits at least")
                        .isLessThan(Duration.ofSeconds(8).toNanos());
                HttpResponse<String> ready = bridge.get("/-/ready");
                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body()).contains("outbox", "locked");
                assertThat(bridge.metric("emberwatch_bridge_outbox_up")).isZero();
                assertThat(bridge.get("/-/healthy").statusCode())
                        .as("a restart would not help")
                        .isEqualTo(200);
                fire(alertmanager);
                Fixture.await("it was refused", PATIENCE, () -> received("unavailable") >= 2);
                statement.execute("ROLLBACK");
            }
            mattermost.awaitPosts(1, PATIENCE);
            assertThat(mattermost.posts()).hasSize(1);
            assertThat(failed(alertmanager)).as("all within one group interval").isZero();
            Fixture.await("ready again", PATIENCE, () -> isReady());
        }
    }

    private boolean isReady() {
        try {
            return bridge.get("/-/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void a401IsSeenAsAFailureAndToldAgainAtTheNextInterval() throws Exception {
        startBridge("auth: {bearer_token: s3cret}\n");
        try (LiveAlertmanager alertmanager = LiveAlertmanager.start(folder, webhook("/webhook/known"))) {
            fire(alertmanager);
            Fixture.await("it fails", PATIENCE, () -> failed(alertmanager) >= 1);
            assertThat(received("unauthorized")).isBetween(1.0, 5.0);
            assertThat(mattermost.posts()).isEmpty();
            bridge.close();
            startBridge("");
            mattermost.awaitPosts(1, PATIENCE);
        }
    }

    @Test
    void aRedirectInFrontIsAFailureAndNoSilentLoss() throws Exception {
        startBridge("");
        HttpServer redirect = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        redirect.createContext("/", http -> {
            http.getResponseHeaders().set("Location", webhook("/webhook/known"));
            http.sendResponseHeaders(301, -1);
            http.close();
        });
        redirect.start();
        try (LiveAlertmanager alertmanager = LiveAlertmanager.start(
                folder, "http://127.0.0.1:" + redirect.getAddress().getPort() + "/webhook")) {
            fire(alertmanager);
            Fixture.await("it fails", PATIENCE, () -> failed(alertmanager) >= 1);
            assertThat(received("accepted")).isZero();
        } finally {
            redirect.stop(0);
        }
    }

    @Test
    void aGroupOfAThousandIsTakenAndShownWhole() throws Exception {
        startBridge("");
        try (LiveAlertmanager alertmanager = LiveAlertmanager.start(folder, webhook("/webhook/known"))) {
            Instant now = LiveAlertmanager.now().minusSeconds(10);
            StringBuilder alerts = new StringBuilder();
            for (int i = 0; i < 1000; i++) {
                alerts.append(i == 0 ? "[" : ",")
                        .append("""
                        {"labels":{"alertname":"Ill","cluster":"prod","instance":"host-%04d","severity":"critical"},
                         "annotations":{"summary":"%s"},"startsAt":"%s","endsAt":"%s"}
                        """.formatted(i, "it is ill ".repeat(30), now, now.plusSeconds(600)));
            }
            assertThat(alertmanager.status(
                            "POST", "/api/v2/alerts", alerts.append("]").toString()))
                    .isEqualTo(200);
            Fixture.await("all are shown", PATIENCE, () -> shown() == 1000);
            assertThat(failed(alertmanager)).isZero();
        }
    }

    private long shown() {
        StringBuilder all = new StringBuilder();
        mattermost.posts().forEach(post -> all.append(post.everything()));
        return java.util.regex.Pattern.compile("host-[0-9]{4}")
                .matcher(all)
                .results()
                .map(java.util.regex.MatchResult::group)
                .distinct()
                .count();
    }

    @Test
    void whatNoAlertmanagerSendsIsAnsweredSoThatItIsNotSentForEver() throws Exception {
        startBridge("");
        assertThat(bridge.post("/webhook", "{\"version\":\"5\"}").statusCode())
                .as("kept and reported: sending it again would not help")
                .isEqualTo(200);
        assertThat(mattermost.awaitPosts(1, PATIENCE).get(0).everything()).contains("An alert could not be read");
        for (String method : new String[] {"GET", "HEAD", "PUT", "DELETE"}) {
            assertThat(bridge.send(HttpRequest.newBuilder(bridge.uri("/webhook"))
                                    .method(method, HttpRequest.BodyPublishers.noBody()))
                            .statusCode())
                    .as(method)
                    .isEqualTo(405);
        }
        byte[] huge = " ".repeat((16 << 20) + 1).getBytes(StandardCharsets.US_ASCII);
        assertThat(bridge.send(HttpRequest.newBuilder(bridge.uri("/webhook"))
                                .POST(HttpRequest.BodyPublishers.ofByteArray(huge)))
                        .statusCode())
                .isEqualTo(413);
        assertThat(mattermost.awaitPosts(2, PATIENCE).get(1).everything()).contains("too large");
        String body = Payloads.group("Ill").firing("a").body();
        assertThat(bridge.post("/webhook", body).statusCode()).isEqualTo(200);
        assertThat(bridge.post("/webhook", body).statusCode()).as("a duplicate").isEqualTo(200);
        assertThat(received("duplicate")).isEqualTo(1);
    }
}
