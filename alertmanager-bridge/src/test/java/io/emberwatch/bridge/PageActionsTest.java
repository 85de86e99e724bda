package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.testkit.Ports;
import io.emberwatch.testkit.mattermost.Fault;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do from the page of notifications, against Debian's Alertmanager. */
class PageActionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private LiveAlertmanager alertmanager;
    private Fixture bridge;

    @BeforeEach
    void start() throws Exception {
        int port = Ports.next();
        alertmanager = LiveAlertmanager.start(folder, "http://127.0.0.1:" + port + "/webhook");
        bridge = Fixture.start(folder.resolve("data"), """
                alertmanagers: [{url: "%s"}]
                actions: {limits: [{matchers: ['alertname="Sacred"'], users: [root]}]}
                outbox: {standby: true}
                reconcile: {interval: 1s}
                """.formatted(alertmanager.url()), port);
    }

    @AfterEach
    void stop() throws InterruptedException {
        bridge.close();
        alertmanager.close();
    }

    private String fire(String name) throws Exception {
        Instant now = LiveAlertmanager.now().minusSeconds(10);
        alertmanager.alert(name, "a", now, now.plusSeconds(600));
        Fixture.await(name, PATIENCE, () -> !look().path("notifications").isEmpty());
        return look().path("notifications").get(0).path("incident").asText();
    }

    private JsonNode look() {
        try {
            return new ObjectMapper()
                    .readTree(bridge.get("/bridge/notifications").body())
                    .path("data");
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private HttpRequest.Builder asked(String action, String incident, int version) {
        return HttpRequest.newBuilder(bridge.uri("/bridge/incidents/act"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"action":"%s","incident":"%s","version":%d,"who":"Anne","duration":"2h","comment":"disk swap"}
                        """.formatted(action, incident, version)));
    }

    @Test
    void whatIsDoneIsShownAndGoodForWhatWasSeenAlone() throws Exception {
        String incident = fire("Ill");
        JsonNode before = look().path("incidents").path(incident);
        assertThat(before.path("state").asText()).isEqualTo("open");
        assertThat(before.path("actions").toString()).isEqualTo("[\"ack\",\"silence1h\",\"silence4h\",\"silence\"]");
        JsonNode about = new ObjectMapper()
                .readTree(bridge.get("/bridge/incidents?id=" + incident).body());
        assertThat(about.path("data").path("preview").asText()).contains("matches 1 alerts now");
        assertThat(about.path("data").path("links").path("runbook").asText()).isEqualTo("https://runbooks.example/Ill");
        HttpResponse<String> done = bridge.send(asked("silence", incident, 0));
        assertThat(done.body()).contains("\"success\"", "silenced for 2h by Anne");
        assertThat(alertmanager.get("/api/v2/silences").toString()).contains("disk swap", "Anne");
        JsonNode after = look().path("incidents").path(incident);
        assertThat(after.path("state").asText()).isEqualTo("silenced");
        assertThat(after.path("who").asText()).isEqualTo("Anne");
        assertThat(after.path("actions").toString()).contains("unsilence");
        HttpResponse<String> late = bridge.send(asked("ack", incident, 0));
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body()).contains("Somebody was faster");
        assertThat(bridge.send(asked(
                                "unsilence", incident, after.path("version").asInt()))
                        .body())
                .contains("taken back by Anne");
        assertThat(alertmanager.silences()).isZero();
        assertThat(bridge.get("/api/v1/bridge/audit").body())
                .contains("\"via\":\"page\"", "\"action\":\"silence\"", "Somebody was faster");
    }

    @Test
    void onlyThePageItselfAtThisMachineMayAsk() throws Exception {
        String incident = fire("Ill");
        assertThat(bridge.send(asked("ack", incident, 0).header("Origin", "https://evil.example"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(bridge.send(asked("ack", incident, 0).header("Sec-Fetch-Site", "cross-site"))
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<String> proxied = bridge.send(asked("ack", incident, 0).header("X-Forwarded-For", "192.0.2.7"));
        assertThat(proxied.statusCode()).isEqualTo(403);
        assertThat(proxied.body()).contains("bridge.actions.page: all");
        assertThat(bridge.send(asked("ack", incident, 0).setHeader("Content-Type", "text/plain"))
                        .statusCode())
                .isEqualTo(415);
        assertThat(bridge.send(asked("graph", incident, 0)).statusCode()).isEqualTo(400);
        assertThat(alertmanager.silences()).isZero();
    }

    @Test
    void limitsHoldForThePageToo() throws Exception {
        assertThat(bridge.send(asked("ack", fire("Sacred"), 0)).body()).contains("may not do this");
        assertThat(alertmanager.silences()).isZero();
    }

    @Test
    void allAlertsOfAnIncidentCanBeHadAsJsonAndForSpreadsheets() throws Exception {
        bridge.post(
                "/webhook",
                Payloads.group("=cmd|calc").firing("a, b").resolved("c").body());
        String incident = look().path("notifications").get(0).path("incident").asText();
        JsonNode all = new ObjectMapper()
                .readTree(bridge.get("/bridge/incidents/alerts?id=" + incident).body());
        assertThat(all.path("data").path("alerts")).hasSize(2);
        HttpResponse<String> csv = bridge.get("/bridge/incidents/alerts?format=csv&id=" + incident);
        assertThat(csv.headers().firstValue("Content-Type")).contains("text/csv; charset=utf-8");
        assertThat(csv.body().lines().toList())
                .hasSize(3)
                .element(1)
                .asString()
                .startsWith("firing,\"'=cmd|calc\",critical,2026-11-21T01:41:24.709246669Z,,\"{alertname=")
                .contains("instance=\"\"a, b\"\"");
        assertThat(bridge.get("/bridge/incidents/alerts?id=nothing").statusCode())
                .isEqualTo(404);
    }

    private HttpRequest.Builder decided(String action, long letter) {
        return HttpRequest.newBuilder(bridge.uri("/bridge/dead-letters/act"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"action\":\"%s\",\"letter\":%d,\"who\":\"Anne\"}".formatted(action, letter)));
    }

    private JsonNode givenUp() {
        return look().path("notifications").get(0).path("given_up");
    }

    @Test
    void whatWasGivenUpIsReadSentAgainAndDiscardedFromThePage() throws Exception {
        try (MattermostStub chat = MattermostStub.start()) {
            bridge.close();
            bridge = Fixture.start(
                    folder.resolve("data"), "mattermost: [{name: chat, url: \"" + chat.url("alerts") + "\"}]");
            chat.script(Fault.answer(400), Fault.answer(400));
            bridge.post("/webhook", "{\"version\":\"3\"}");
            Fixture.await("it is given up", PATIENCE, () -> givenUp().size() == 1);
            long first = givenUp().get(0).path("letter").asLong();
            HttpResponse<String> raw = bridge.get("/bridge/notifications/raw?id=1");
            assertThat(raw.body()).isEqualTo("{\"version\":\"3\"}");
            assertThat(raw.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
            assertThat(raw.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(bridge.get("/bridge/notifications/raw?id=2").statusCode())
                    .isEqualTo(404);
            assertThat(bridge.send(decided("replay", first).header("Origin", "https://evil.example"))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(bridge.send(decided("burn", first)).statusCode()).isEqualTo(400);

            assertThat(bridge.send(decided("replay", first)).statusCode()).isEqualTo(200);
            assertThat(bridge.send(decided("replay", first)).statusCode())
                    .as("somebody was faster")
                    .isEqualTo(409);
            Fixture.await(
                    "it is given up again",
                    PATIENCE,
                    () -> givenUp().size() == 1
                            && givenUp().get(0).path("letter").asLong() != first);
            assertThat(bridge.get("/bridge/notifications?undelivered=true").body())
                    .contains("\"given_up\":[{");
            long second = givenUp().get(0).path("letter").asLong();
            assertThat(bridge.send(decided("discard", second)).statusCode()).isEqualTo(200);
            assertThat(givenUp()).isEmpty();
            assertThat(look().path("notifications").toString()).contains("\"event\":\"discarded\"");
            assertThat(bridge.get("/bridge/notifications?undelivered=true").body())
                    .as("nothing is left to decide")
                    .contains("\"notifications\":[]");
            assertThat(bridge.get("/api/v1/bridge/audit").body())
                    .contains("\"action\":\"replay\"", "\"action\":\"discard\"", "\"who\":\"Anne\"", "of chat");
            assertThat(chat.posts()).isEmpty();
        }
    }

    @Test
    void whoStandsByShowsWhatTheOtherDoesAndLeavesActingToIt() throws Exception {
        try (Fixture second = Fixture.start(folder.resolve("data"), "outbox: {standby: true}")) {
            bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
            JsonNode seen = new ObjectMapper()
                    .readTree(second.get("/bridge/notifications").body())
                    .path("data");
            assertThat(seen.path("notifications")).hasSize(1);
            String incident = seen.path("notifications").get(0).path("incident").asText();
            assertThat(seen.path("incidents").path(incident).path("actions")).isEmpty();
            HttpResponse<String> act = second.send(HttpRequest.newBuilder(second.uri("/bridge/incidents/act"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}")));
            assertThat(act.statusCode()).isEqualTo(503);
        }
    }
}
