package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.bridge.email.SmtpPeer;
import io.emberwatch.testkit.mattermost.Fault;
import io.emberwatch.testkit.mattermost.MattermostStub;
import io.emberwatch.testkit.mattermost.Post;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BridgeServiceTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path data;

    private MattermostStub mattermost;
    private Fixture bridge;

    @BeforeEach
    void startMattermost() throws IOException {
        mattermost = MattermostStub.start();
    }

    @AfterEach
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        mattermost.close();
    }

    private String channel() {
        return """
                mattermost:
                  - {name: chat, url: "%s", timeout: 1s}
                retry: {min_backoff: 100ms, max_backoff: 1s}
                """.formatted(mattermost.url("alerts"));
    }

    private void start(String yaml) throws IOException {
        bridge = Fixture.start(data, yaml);
    }

    @Test
    void firingAndResolvedAreEachPostedOnce() throws Exception {
        start(channel());
        assertThat(bridge.post("/webhook", Payloads.group("Ill").firing("a").body())
                        .statusCode())
                .isEqualTo(200);
        Post fired = mattermost.awaitPosts(1, PATIENCE).get(0);
        assertThat(fired.everything()).contains("[FIRING:1] Ill", "a is ill", "critical");
        assertThat(fired.colors()).containsExactly("#a30200");

        bridge.post("/webhook", Payloads.group("Ill").resolved("a").body());
        Post resolved = mattermost.awaitPosts(2, PATIENCE).get(1);
        assertThat(resolved.everything()).contains("[RESOLVED] Ill", "(after 8m 5s)");
        assertThat(resolved.colors()).containsExactly("#2eb886");
        assertThat(mattermost.posts()).hasSize(2);
    }

    @Test
    void everyPathAnswersAsAlertmanagerNeedsIt() throws Exception {
        start(channel() + "auth: {bearer_token: s3cret, username: am, password: pw}\n");
        String body = Payloads.group("Ill").firing("a").body();
        assertThat(bridge.post("/webhook", body).statusCode()).isEqualTo(401);
        assertThat(authorized("/webhook", "Bearer wrong", body)).isEqualTo(401);
        assertThat(authorized("/webhook", "Bearer s3cret", body)).isEqualTo(200);
        assertThat(authorized("/webhook/team", "bearer s3cret", body)).isEqualTo(200);
        assertThat(authorized("/alertmanager", "Basic YW06cHc=", body)).isEqualTo(200);
        assertThat(authorized("/api/v1/webhook", "Bearer s3cret", "{\"version\":\"3\"}"))
                .isEqualTo(200);
        assertThat(authorized("/api/v1/webhook", "Bearer s3cret", "not json")).isEqualTo(200);
        assertThat(authorized("/webhook", "Bearer s3cret", "x".repeat((16 << 20) + 1)))
                .isEqualTo(413);
        for (String path : List.of("/webhook", "/webhook/team", "/api/v1/webhook", "/alertmanager")) {
            assertThat(bridge.get(path).statusCode()).as(path).isEqualTo(405);
            assertThat(bridge.send(HttpRequest.newBuilder(bridge.uri(path))
                                    .method("HEAD", HttpRequest.BodyPublishers.noBody()))
                            .statusCode())
                    .as(path)
                    .isEqualTo(405);
        }
        assertThat(bridge.metric("emberwatch_bridge_received_total{verdict=\"accepted\"}"))
                .isEqualTo(1);
        assertThat(bridge.metric("emberwatch_bridge_received_total{verdict=\"duplicate\"}"))
                .isEqualTo(2);
        assertThat(bridge.metric("emberwatch_bridge_received_total{verdict=\"unparsable\"}"))
                .isEqualTo(2);
        assertThat(bridge.metric("emberwatch_bridge_received_total{verdict=\"unauthorized\"}"))
                .isEqualTo(2);
        assertThat(bridge.metric("emberwatch_bridge_received_total{verdict=\"too_large\"}"))
                .isEqualTo(1);
    }

    @Test
    void aSignedBodyIsTakenAndAGuesserIsNotListenedTo() throws Exception {
        start(channel() + "auth: {bearer_token: s3cret, hmac_secret: sign-me}\n");
        String body = Payloads.group("Ill").firing("a").body();
        // The bridge runs on the wall clock here and judges the age of a signature by it.
        long now = Instant.now().getEpochSecond();
        assertThat(signed(now, "sign-me", body, body)).isEqualTo(200);
        assertThat(signed(now, "sign-me", body, body + " ")).isEqualTo(401);
        assertThat(signed(now - 1000, "sign-me", body, body)).isEqualTo(401);
        assertThat(signed(now, "guess", body, body)).isEqualTo(401);
        for (int i = 0; i < 20; i++) {
            assertThat(authorized("/webhook", "Bearer guess" + i, body)).isEqualTo(401);
        }
        assertThat(authorized("/webhook", "Bearer s3cret", body))
                .as("not listened to for a minute")
                .isEqualTo(401);
    }

    private int signed(long time, String key, String signed, String sent) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String hex = HexFormat.of().formatHex(mac.doFinal((time + "." + signed).getBytes(StandardCharsets.UTF_8)));
        return bridge.send(HttpRequest.newBuilder(bridge.uri("/webhook"))
                        .header("X-Emberwatch-Signature", "t=" + time + ",v1=" + hex)
                        .POST(HttpRequest.BodyPublishers.ofString(sent)))
                .statusCode();
    }

    private int authorized(String path, String authorization, String body) throws Exception {
        return bridge.send(HttpRequest.newBuilder(bridge.uri(path))
                        .header("Authorization", authorization)
                        .POST(HttpRequest.BodyPublishers.ofString(body)))
                .statusCode();
    }

    @Test
    void whatCannotBeReadIsKeptAndReported() throws Exception {
        start(channel());
        assertThat(bridge.post("/webhook/team", "{\"version\":\"5\", \"receiver\":\"@channel\"}")
                        .statusCode())
                .isEqualTo(200);
        Post post = mattermost.awaitPosts(1, PATIENCE).get(0);
        assertThat(post.everything())
                .contains("An alert could not be read", "received for team", "expected \"4\", found 5")
                .doesNotContain("@channel");
        Fixture.await("settled", PATIENCE, () -> trail().contains("\"event\":\"delivered\""));
        assertThat(trail()).contains("\"verdict\":\"unparsable\"");
    }

    @Test
    void aDuplicateOfAnotherAlertmanagerIsAcceptedAndNotPosted() throws Exception {
        start(channel());
        String body = Payloads.group("Ill").firing("a").body();
        bridge.post("/webhook", body);
        assertThat(bridge.post("/webhook", body.replace("am.example", "am2.example"))
                        .statusCode())
                .isEqualTo(200);
        bridge.post("/webhook", Payloads.group("Other").firing("a").body());
        mattermost.awaitPosts(2, PATIENCE);
        assertThat(mattermost.posts().stream().filter(post -> post.everything().contains("Ill")))
                .hasSize(1);
    }

    @Test
    void faultsOfMattermostAreOvercome() throws Exception {
        mattermost.script(
                Fault.answer(500),
                Fault.answer(503),
                Fault.reset(),
                Fault.hang(Duration.ofSeconds(5)),
                Fault.answer(429));
        start(channel());
        bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
        assertThat(mattermost.awaitPosts(1, Duration.ofSeconds(20))).hasSize(1);
        Fixture.await("settled", PATIENCE, () -> trail().contains("\"event\":\"delivered\""));
        assertThat(trail())
                .contains("\"code\":\"500\"", "\"code\":\"503\"", "\"code\":\"reset\"", "\"code\":\"timeout\"")
                .contains("\"code\":\"429\"", "\"event\":\"unsure\"", "\"event\":\"retry\"");
    }

    private String trail() {
        try {
            return bridge.get("/api/v1/bridge/notifications").body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void statesThatWaitTogetherBecomeOnePost() throws Exception {
        mattermost.otherwise(() -> Fault.answer(503));
        start(channel());
        bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
        Fixture.await("first attempt", PATIENCE, () -> mattermost.requests() > 0);
        for (int i = 0; i < 20; i++) {
            bridge.post("/webhook", Payloads.group("Ill").resolved("a").body());
            bridge.post(
                    "/webhook",
                    Payloads.group("Ill")
                            .firing("a", "2026-11-21T02:%02d:00Z".formatted(2 * i))
                            .body());
        }
        bridge.post("/webhook", Payloads.group("Ill").resolved("a").body());
        mattermost.otherwise(() -> Fault.NONE);
        Post post = mattermost.awaitPosts(1, PATIENCE).get(0);
        Fixture.await("queue is empty", PATIENCE, () -> !trail().contains("\"state\":\"queued\""));
        assertThat(mattermost.posts()).hasSize(1);
        assertThat(post.everything()).contains("[RESOLVED] Ill", "What happened meanwhile", "22 more changes");
    }

    @Test
    void aRefusedMessageIsADeadLetterThatCanBeSentAgain() throws Exception {
        mattermost.script(Fault.answer(400));
        start(channel());
        bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
        Fixture.await("dead letter", PATIENCE, () -> deadLetters().contains("\"id\":1"));
        assertThat(deadLetters()).contains("\"code\":\"400\"", "scripted.app_error", "[FIRING:1] Ill");
        assertThat(bridge.metric("emberwatch_bridge_dead_letters_total{channel=\"chat\"}"))
                .isEqualTo(1);
        assertThat(bridge.post("/api/v1/bridge/dead-letters/replay?id=1", "").body())
                .contains("\"replayed\":[1]");
        Post post = mattermost.awaitPosts(1, PATIENCE).get(0);
        assertThat(post.everything()).contains("Sent again", "[FIRING:1] Ill");
        assertThat(deadLetters()).doesNotContain("\"id\":1");
        assertThat(bridge.post("/api/v1/bridge/dead-letters/replay?id=1", "").body())
                .contains("\"unknown\":[1]");
    }

    private String deadLetters() {
        try {
            return bridge.get("/api/v1/bridge/dead-letters").body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anUnknownWebhookHoldsTheQueueUntilItIsThere() throws Exception {
        mattermost.removeHook("alerts");
        start(channel());
        for (int i = 0; i < 20; i++) {
            bridge.post("/webhook", Payloads.group("Ill" + i).firing("a").body());
        }
        Fixture.await("attempts", PATIENCE, () -> mattermost.requests() >= 2);
        assertThat(mattermost.requests()).isLessThan(20);
        assertThat(bridge.metric("emberwatch_bridge_channel_up{channel=\"chat\"}"))
                .isZero();
        mattermost.hook("alerts", "town-square");
        assertThat(mattermost.awaitPosts(20, PATIENCE)).hasSize(20);
        assertThat(deadLetters()).contains("\"dead_letters\":[]");
    }

    @Test
    void aRestartGoesOnWhereTheLastEnded() throws Exception {
        mattermost.enable(false);
        start(channel());
        bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
        Fixture.await("attempt", PATIENCE, () -> mattermost.requests() > 0);
        bridge.close();
        mattermost.enable(true);
        start(channel());
        mattermost.awaitPosts(1, PATIENCE);
        bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
        bridge.post("/webhook", Payloads.group("Ill").resolved("a").body());
        mattermost.awaitPosts(2, PATIENCE);
        assertThat(mattermost.posts()).hasSize(2);
    }

    @Test
    void whatWaitsForAChannelThatIsGoneIsADeadLetter() throws Exception {
        mattermost.enable(false);
        start(channel());
        bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
        Fixture.await("attempt", PATIENCE, () -> mattermost.requests() > 0);
        bridge.close();
        mattermost.enable(true);
        start(channel().replace("name: chat", "name: other"));
        assertThat(deadLetters()).contains("\"channel\":\"chat\"", "there is no such channel any more");
        assertThat(bridge.metric("emberwatch_bridge_dead_letters_total{channel=\"chat\"}"))
                .isEqualTo(1);
        bridge.close();
        start(channel());
        bridge.post("/api/v1/bridge/dead-letters/replay?id=1", "");
        assertThat(mattermost.awaitPosts(1, PATIENCE)).hasSize(1);
    }

    @Test
    void aSecondBridgeOnTheSameOutboxIsRefused() throws Exception {
        start(channel());
        assertThatThrownBy(() -> Fixture.start(data, channel()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another bridge has this outbox");
    }

    @Test
    void aFullOutboxMakesRoomWithinSecondsOfWhatWasDelivered() throws Exception {
        start("""
                mattermost: [{name: chat, url: "%s", rate_per_second: 1000, burst: 1000}]
                calm: {storm_incidents: 1000}
                outbox: {max_size: 1MiB}
                """.formatted(mattermost.url("alerts")));
        for (int i = 0; i < 60; i++) {
            String body = Payloads.group("Ill" + i)
                    .firing("a")
                    .with("\"unknown\":\"" + "x".repeat(30_000) + "\",")
                    .body();
            Fixture.await("it is taken", PATIENCE, () -> taken(body));
        }
        assertThat(mattermost.awaitPosts(60, PATIENCE)).hasSize(60);
        assertThat(bridge.metric("emberwatch_bridge_outbox_shed_total")).isPositive();
        assertThat(deadLetters()).contains("\"dead_letters\":[]");
    }

    private boolean taken(String body) {
        try {
            return bridge.post("/webhook", body).statusCode() == 200;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void oneOfTwoMailReceiversIsRefusedAndTheOtherHasTheMail() throws Exception {
        try (SmtpPeer smtp = SmtpPeer.start()) {
            smtp.answerReceiver("bad@example.com", 550);
            start("""
                    email:
                      - {name: ops, host: localhost, port: %d, tls: none, from: a@example.com,
                         to: [ok@example.com, bad@example.com]}
                    """.formatted(smtp.port()));
            bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
            Fixture.await("mail", PATIENCE, () -> smtp.mails().size() == 1);
            assertThat(smtp.mails().get(0).to()).containsExactly("ok@example.com");
            Fixture.await("dead letter", PATIENCE, () -> deadLetters().contains("\"target\":\"bad@example.com\""));
            assertThat(deadLetters()).contains("\"code\":\"550\"", "receiver refused");
            smtp.answerReceiver("bad@example.com", 250);
            bridge.post("/api/v1/bridge/dead-letters/replay?all=true", "");
            Fixture.await("replay", PATIENCE, () -> smtp.mails().size() == 2);
            assertThat(smtp.mails().get(1).to()).containsExactly("bad@example.com");
            bridge.post("/webhook", Payloads.group("Ill").resolved("a").body());
            Fixture.await("resolved", PATIENCE, () -> smtp.mails().size() == 3);
            assertThat(smtp.mails().get(2).text())
                    .contains("Subject: [RESOLVED] Ill", "In-Reply-To: <em.ops.", "References: <em.ops.");
        }
    }

    @Test
    void aServersRateLimitIsKeptAndNothingIsLost() throws Exception {
        mattermost.limitRate(250, 100);
        start("""
                mattermost: [{name: chat, url: "%s", rate_per_second: 240, burst: 20}]
                """.formatted(mattermost.url("alerts")));
        for (int i = 0; i < 200; i++) {
            bridge.post("/webhook", Payloads.group("Ill" + i).firing("a").body());
        }
        assertThat(mattermost.awaitPosts(200, PATIENCE)).hasSize(200);
        assertThat(mattermost.answers()).doesNotContainKey(429);
    }

    @Test
    void aStopRefusesWhatIsNewAndWaitsForWhatIsUnderWay() throws Exception {
        start(channel());
        mattermost.script(new Fault(Fault.Kind.ANSWER, 200, true, Duration.ofMillis(500)));
        bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
        Fixture.await("attempt", PATIENCE, () -> mattermost.requests() > 0);
        Thread stopping = new Thread(bridge.service::stop);
        stopping.start();
        Fixture.await("refusal", PATIENCE, () -> refuses());
        assertThat(mattermost.answers()).as("the delivery is still under way").isEmpty();
        stopping.join();
        bridge.close();
        start(channel());
        bridge.post("/webhook", Payloads.group("Other").firing("a").body());
        mattermost.awaitPosts(2, PATIENCE);
        assertThat(mattermost.posts()).hasSize(2);
    }

    private boolean refuses() {
        try {
            return bridge.post("/webhook", Payloads.group("Late").firing("a").body())
                            .statusCode()
                    == 503;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    @Test
    void everyMetricIsThereFromTheBeginning() throws Exception {
        start(channel());
        String page = bridge.get("/metrics").body();
        assertThat(page)
                .contains(
                        "emberwatch_bridge_received_total{verdict=\"accepted\"} 0",
                        "emberwatch_bridge_deliveries_total{channel=\"chat\",result=\"dead\"} 0",
                        "emberwatch_bridge_dead_letters_total{channel=\"chat\"} 0",
                        "emberwatch_bridge_queue_depth{channel=\"chat\"} 0",
                        "emberwatch_bridge_channel_up{channel=\"chat\"} 1",
                        "emberwatch_bridge_outbox_up 1");
        Path promtool = Path.of("/usr/bin/promtool");
        assumeTrue(Files.isExecutable(promtool), promtool + " is not installed");
        Process check = new ProcessBuilder(promtool.toString(), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        check.getOutputStream().write(page.getBytes(StandardCharsets.UTF_8));
        check.getOutputStream().close();
        assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(check.waitFor()).isZero();
    }

    @Test
    void noSecretIsInAnythingThatIsShown() throws Exception {
        mattermost.enable(false);
        start(channel() + "auth: {bearer_token: c4nary}\n");
        assertThat(authorized(
                        "/webhook",
                        "Bearer c4nary",
                        Payloads.group("Ill").firing("a").body()))
                .isEqualTo(200);
        Fixture.await("attempt", PATIENCE, () -> trail().contains("\"code\":\"501\""));
        for (String path :
                List.of("/metrics", "/api/v1/bridge/notifications", "/api/v1/bridge/dead-letters", "/-/ready")) {
            assertThat(bridge.get(path).body()).doesNotContain("c4nary").doesNotContain("hooks/alerts");
        }
        assertThat(bridge.config.toString()).doesNotContain("c4nary").doesNotContain("hooks/alerts");
    }

    @Test
    void routesDecideByReceiverAndLabels() throws Exception {
        mattermost.hook("critical", "pager").hook("database", "db");
        start("""
                mattermost:
                  - {name: chat, url: "%s"}
                  - {name: pager, url: "%s"}
                  - {name: db, url: "%s"}
                default_channels: [chat]
                routes:
                  - {matchers: ['severity="critical"', 'alertname=~"Ill|Sick"'], channels: [pager], and_next: true}
                  - {receiver: db.team, channels: [db]}
                """.formatted(mattermost.url("alerts"), mattermost.url("critical"), mattermost.url("database")));
        bridge.post("/webhook/db.team", Payloads.group("Sick").firing("1").body());
        bridge.post("/webhook", Payloads.group("Ill").firing("2").body());
        bridge.post("/webhook/other", Payloads.group("Fine").firing("3").body());
        List<Post> posts = mattermost.awaitPosts(4, PATIENCE);
        assertThat(posts.stream()
                        .map(post -> post.channel() + " " + group(post))
                        .sorted())
                .containsExactly("db Sick", "pager Ill", "pager Sick", "town-square Fine");
        assertThat(bridge.metric("emberwatch_bridge_unknown_receivers_total")).isEqualTo(2);
    }

    private static String group(Post post) {
        String title = String.valueOf(post.attachments().get(0).get("title"));
        return title.substring(title.lastIndexOf(' ') + 1);
    }
}
