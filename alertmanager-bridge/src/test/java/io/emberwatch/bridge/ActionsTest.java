package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.emberwatch.bridge.action.Action;
import io.emberwatch.bridge.action.Token;
import io.emberwatch.bridge.action.Tokens;
import io.emberwatch.bridge.email.SmtpPeer;
import io.emberwatch.service.config.Secret;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.emberwatch.testkit.Ports;
import io.emberwatch.testkit.mattermost.BotPost;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Buttons and links against Debian's Alertmanager. */
class ActionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ANNE = "anneanneanneanneanneannean";
    private static final String SECRET = "a-secret-of-more-than-sixteen";

    @TempDir
    Path folder;

    private MattermostStub mattermost;
    private LiveAlertmanager alertmanager;
    private Fixture bridge;
    private String channel;

    @BeforeEach
    void start() throws Exception {
        mattermost = MattermostStub.start().bot("s3cret");
        channel = mattermost.channel("alerts");
        int port = Ports.next();
        alertmanager = LiveAlertmanager.start(folder, "http://127.0.0.1:" + port + "/webhook");
        bridge = Fixture.start(folder.resolve("data"), config(port, ""), port);
    }

    private String config(int port, String more) {
        return """
                mattermost:
                  - {name: chat, server: "%s", token: s3cret, team: ops, channel: alerts}
                alertmanagers: [{url: "%s"}]
                external_url: http://127.0.0.1:%d
                actions:
                  secret: %s
                  max_matched: 3
                  limits: [{matchers: ['alertname="Sacred"'], users: [root]}]
                %sreconcile: {interval: 1s, outage: 5s, silenced_grace: 1s}
                """.formatted(mattermost.server(), alertmanager.url(), port, SECRET, more);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (bridge != null) {
            bridge.close();
        }
        if (alertmanager != null) {
            alertmanager.close();
        }
        mattermost.close();
    }

    private BotPost fire(String name) throws InterruptedException {
        Instant now = LiveAlertmanager.now().minusSeconds(10);
        alertmanager.alert(name, "a", now, now.plusSeconds(600));
        awaitDelivered();
        return mattermost.roots().get(0);
    }

    // A post is known to be the incident's when its delivery is on disk.
    private void awaitDelivered() throws InterruptedException {
        Fixture.await("delivered", PATIENCE, () -> {
            try {
                String all = bridge.get("/bridge/notifications").body();
                return all.contains("\"state\":\"delivered\"") && !all.contains("\"state\":\"leased\"");
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        });
    }

    private BotPost post() {
        return mattermost.roots().get(0);
    }

    private void awaitPost(String text) throws InterruptedException {
        Fixture.await(text, PATIENCE, () -> post().everything().contains(text));
    }

    private static String token(BotPost post, String button) throws IOException {
        Matcher found = Pattern.compile("\\{t=([A-Za-z0-9_.-]+)}[^{]*")
                .matcher(post.props().toString());
        Tokens tokens = new Tokens(new Secret(SECRET), null);
        while (found.find()) {
            Token token = tokens.read(found.group(1));
            if (token != null && token.action().word().equals(button)) {
                return found.group(1);
            }
        }
        throw new AssertionError("no button " + button + " in " + post.props());
    }

    private HttpResponse<String> button(String token, String user, String channelId, String postId) throws Exception {
        return bridge.post("/bridge/mattermost/action", """
                {"user_id":"%s","channel_id":"%s","post_id":"%s","trigger_id":"trigger-1","context":{"t":"%s"}}
                """.formatted(user, channelId, postId, token));
    }

    @Test
    void anAcknowledgementIsASilenceThatThePostShowsAndThatEndsWithTheIncident() throws Exception {
        BotPost post = fire("Ill");
        assertThat(post.buttons()).containsExactly("Ack", "Silence 1h", "Silence 4h", "Silence…", "Runbook", "Graph");
        assertThat(mattermost.press(post.id(), "ack", ANNE)).contains("acknowledged by user-anne, silence ");
        awaitPost("Acknowledged by user-anne, silence ");
        assertThat(post().everything()).as("once").doesNotContain("acknowledged by user-anne");
        assertThat(post().buttons()).doesNotContain("Ack").contains("Unsilence");
        JsonNode silence = alertmanager.get("/api/v2/silences").get(0);
        assertThat(silence.path("comment").asText()).startsWith("ACK! ");
        assertThat(silence.path("matchers")).hasSize(4);
        assertThat(alertmanager
                        .get("/api/v2/alerts")
                        .get(0)
                        .path("status")
                        .path("state")
                        .asText())
                .isEqualTo("suppressed");
        Instant now = LiveAlertmanager.now();
        alertmanager.alert("Ill", "a", now.minusSeconds(10), now);
        awaitPost("[RESOLVED] Ill prod");
        assertThat(post().everything()).contains("found to be over");
        Fixture.await("the silence ends", PATIENCE, () -> alertmanager.silences() == 0);
        assertThat(bridge.get("/api/v1/bridge/audit").body()).contains("\"who\":\"user-anne\"", "\"action\":\"ack\"");
    }

    @Test
    void silencesAreSetShownAndTakenBack() throws Exception {
        BotPost post = fire("Ill");
        mattermost.press(post.id(), "silence4h", ANNE);
        awaitPost("Silenced by user-anne until ");
        assertThat(alertmanager.silences()).isEqualTo(1);
        mattermost.press(post.id(), "unsilence", ANNE);
        Fixture.await("taken back", PATIENCE, () -> alertmanager.silences() == 0);
        Fixture.await("buttons are back", PATIENCE, () -> !post().buttons().contains("Unsilence"));
        mattermost.press(post.id(), "silence", ANNE);
        assertThat(mattermost.dialogs()).isEqualTo(1);
        assertThat(mattermost.submitDialog(ANNE, channel, Map.of("duration", "soon", "comment", "")))
                .contains("expected a duration");
        assertThat(mattermost.submitDialog(ANNE, channel, Map.of("duration", "2h30m", "comment", "disk swap")))
                .isEqualTo("200 {}");
        awaitPost("Silenced by user-anne until ");
        JsonNode silence = alertmanager.get("/api/v2/silences?filter=alertname%3D%22Ill%22");
        assertThat(silence.toString()).contains("disk swap");
        assertThat(mattermost.press(post.id(), "runbook", ANNE)).contains("https://runbooks.example/Ill");
        assertThat(mattermost.press(post.id(), "graph", ANNE)).contains("http://prom.example/graph");
        // Somebody ends it at Alertmanager itself.
        String id = null;
        for (JsonNode one : alertmanager.get("/api/v2/silences")) {
            if (one.path("status").path("state").asText().equals("active")) {
                id = one.path("id").asText();
            }
        }
        assertThat(alertmanager.status("DELETE", "/api/v2/silence/" + id, "")).isEqualTo(200);
        Fixture.await(
                "noticed", Duration.ofSeconds(40), () -> post().everything().contains("the silence has ended"));
    }

    @Test
    void aButtonIsGoodOnceInItsPlaceForThoseWhoMay() throws Exception {
        BotPost post = fire("Ill");
        String token = token(post, "ack");
        assertThat(button(token.replace('.', 'x'), ANNE, channel, post.id()).statusCode())
                .isEqualTo(403);
        assertThat(button(token, ANNE, "otherchannelotherchannelot", post.id()).body())
                .contains("another channel");
        assertThat(button(token, ANNE, channel, "p9999999999999999999999999").body())
                .contains("another post");
        Tokens tokens = new Tokens(new Secret(SECRET), null);
        Token genuine = tokens.read(token);
        String old = tokens.sign(new Token(
                Action.ACK,
                genuine.incident(),
                "chat",
                channel,
                0,
                LiveAlertmanager.now().minusSeconds(1)));
        assertThat(button(old, ANNE, channel, post.id()).body()).contains("too old");
        String forged = new Tokens(new Secret("another-secret-of-more"), null).sign(genuine);
        assertThat(button(forged, ANNE, channel, post.id()).statusCode()).isEqualTo(403);
        assertThat(alertmanager.silences()).isZero();
        assertThat(button(token, ANNE, channel, post.id()).body()).contains("acknowledged by");
        assertThat(button(token, ANNE, channel, post.id()).body()).contains("Somebody was faster");
        assertThat(alertmanager.silences()).isEqualTo(1);
        assertThat(bridge.get("/api/v1/bridge/audit").body())
                .contains("This is too old")
                .contains("another post");
    }

    @Test
    void thePreviousSecretIsGoodWhileItIsChanged() throws Exception {
        Token token = new Token(Action.ACK, "i", "chat", "c", 1, Instant.EPOCH);
        String old = new Tokens(new Secret("the-old-secret-of-ours"), null).sign(token);
        assertThat(new Tokens(new Secret("the-new-secret-of-ours"), new Secret("the-old-secret-of-ours")).read(old))
                .isEqualTo(token);
        assertThat(new Tokens(new Secret("the-new-secret-of-ours"), null).read(old))
                .isNull();
    }

    @Test
    void whatIsTooBroadOrNotAllowedIsRefused() throws Exception {
        Instant now = LiveAlertmanager.now().minusSeconds(10);
        for (String instance : List.of("b", "c", "d", "e")) {
            alertmanager.alert("Other", instance, now, now.plusSeconds(600));
        }
        BotPost sacred;
        alertmanager.alert("Sacred", "a", now, now.plusSeconds(600));
        Fixture.await(
                "post",
                PATIENCE,
                () -> !mattermost.roots().isEmpty() && post().everything().contains("[FIRING:5]"));
        awaitDelivered();
        sacred = post();
        assertThat(mattermost.press(sacred.id(), "ack", ANNE)).contains("user-anne may not do this");
        alertmanager.alert("Sacred", "a", now, LiveAlertmanager.now());
        awaitPost("[FIRING:4]");
        alertmanager.alert("Other", "c", now, LiveAlertmanager.now());
        alertmanager.alert("Other", "d", now, LiveAlertmanager.now());
        alertmanager.alert("Other", "e", now, LiveAlertmanager.now());
        awaitPost("[FIRING:1]");
        assertThat(mattermost.press(sacred.id(), "ack", ANNE)).contains("acknowledged by");
        assertThat(alertmanager.silences()).isEqualTo(1);
    }

    @Test
    void twoBridgesThatLookAfterOneSilenceMakeNoSecondOfIt() throws Exception {
        String yaml = """
                alertmanagers: [{url: "%s"}]
                actions: {ack: 1m}
                reconcile: {interval: 10s, firing_grace: 1h, resolved_grace: 1h, silenced_grace: 1h}
                """.formatted(alertmanager.url());
        ManualClock clock = new ManualClock(LiveAlertmanager.now());
        ManualScheduler scheduler = new ManualScheduler(clock);
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        try (Fixture only = Fixture.start(one, yaml, clock, scheduler)) {
            only.post("/webhook", Payloads.group("Ill").firing("a").body());
            String incident =
                    only.get("/bridge/notifications").body().replaceAll("(?s).*\"incident\":\"([^\"]+)\".*", "$1");
            assertThat(only.send(HttpRequest.newBuilder(only.uri("/bridge/incidents/act"))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(
                                            "{\"action\":\"ack\",\"incident\":\"%s\",\"version\":0,\"who\":\"Anne\"}"
                                                    .formatted(incident))))
                            .body())
                    .contains("acknowledged by Anne");
        }
        JsonNode made = alertmanager.get("/api/v2/silences");
        assertThat(made).hasSize(1);
        // As with a copy of the outbox that somebody has started beside it: both believe that it is theirs.
        Files.createDirectories(two.resolve("bridge"));
        Files.copy(one.resolve("bridge/outbox.db"), two.resolve("bridge/outbox.db"));
        Fixture first = Fixture.start(one, yaml, clock, scheduler);
        try (Fixture second = Fixture.start(two, yaml, clock, scheduler)) {
            for (int round = 0; round < 18; round++) {
                scheduler.advance(Duration.ofSeconds(10));
                if (round == 11) {
                    first.close();
                }
            }
            assertThat(second.get("/-/ready").statusCode()).isEqualTo(200);
        } finally {
            first.close();
        }
        JsonNode kept = alertmanager.get("/api/v2/silences");
        assertThat(kept).as("ended ones are among them").hasSize(1);
        assertThat(kept.get(0).path("id")).isEqualTo(made.get(0).path("id"));
        assertThat(Duration.between(
                        Instant.parse(made.get(0).path("endsAt").asText()),
                        Instant.parse(kept.get(0).path("endsAt").asText())))
                .as("extended by both, and by the one that was left")
                .isGreaterThanOrEqualTo(Duration.ofSeconds(140));
    }

    @Test
    void aLinkInAMailShowsAPageFirstAndThenActsOnce() throws Exception {
        try (SmtpPeer smtp = SmtpPeer.start()) {
            bridge.close();
            bridge = Fixture.start(
                    folder.resolve("data"),
                    config(
                            bridge.port,
                            "email: [{name: mail, host: 127.0.0.1, port: %d, tls: none, from: a@example.com, to: [b@example.com]}]\n"
                                    .formatted(smtp.port())),
                    bridge.port);
            fire("Ill");
            Fixture.await("mail", PATIENCE, () -> !smtp.mails().isEmpty());
            String mail = smtp.mails().get(0).text().replace("=\r\n", "").replace("=3D", "=");
            Matcher link = Pattern.compile("Ack: http://127.0.0.1:[0-9]+(/bridge/act\\?t=[A-Za-z0-9_.-]+)")
                    .matcher(mail);
            assertThat(link.find()).as(mail).isTrue();
            HttpResponse<String> page = bridge.get(link.group(1));
            assertThat(page.body()).contains("<form method=\"post\"", "matches 1 alerts now");
            assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
            assertThat(alertmanager.silences()).as("a look does nothing").isZero();
            String token = link.group(1).substring(link.group(1).indexOf('=') + 1);
            assertThat(act(token)).contains("acknowledged by Bob");
            assertThat(alertmanager.silences()).isEqualTo(1);
            assertThat(act(token)).contains("Somebody was faster");
            awaitPost("Acknowledged by Bob, silence ");
        }
    }

    private String act(String token) throws IOException, InterruptedException {
        return bridge.send(HttpRequest.newBuilder(bridge.uri("/bridge/act"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("t=" + token + "&who=Bob")))
                .body();
    }
}
