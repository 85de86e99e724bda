package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.emberwatch.testkit.mattermost.BotPost;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the bridge finds out although nobody tells it. */
class WatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-21T12:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private MattermostStub mattermost;
    private Fixture bridge;

    @BeforeEach
    void start() throws Exception {
        mattermost = MattermostStub.start().bot("s3cret");
        mattermost.channel("alerts");
    }

    @AfterEach
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        mattermost.close();
    }

    private String chat() {
        return """
                mattermost:
                  - {name: chat, server: "%s", token: s3cret, team: ops, channel: alerts}
                """.formatted(mattermost.server());
    }

    private void awaitPost(String... texts) throws InterruptedException {
        Fixture.await(
                String.join(", ", texts),
                PATIENCE,
                () -> mattermost.roots().stream()
                        .map(BotPost::everything)
                        .anyMatch(post -> List.of(texts).stream().allMatch(post::contains)));
    }

    @Test
    void silenceOfTheWatchdogIsReportedAndItsReturnToo() throws Exception {
        bridge = Fixture.start(
                folder, chat() + "watchdog: {timeout: 2s}\nreconcile: {interval: 1s}\n", clock, scheduler);
        String alive = Payloads.group("Watchdog").firing("a").body();
        assertThat(bridge.post("/webhook", alive).statusCode()).isEqualTo(200);
        assertThat(bridge.metric("emberwatch_bridge_received_total{verdict=\"watchdog\"}"))
                .isEqualTo(1);
        scheduler.advance(Duration.ofSeconds(2));
        awaitPost("[FIRING:1] WatchdogSilent", "No watchdog alert for 2s");
        bridge.post("/webhook", alive);
        scheduler.advance(Duration.ofSeconds(1));
        awaitPost("[RESOLVED] WatchdogSilent");
        assertThat(mattermost.roots())
                .as("the watchdog itself is not delivered")
                .hasSize(1);
    }

    @Test
    void anIncidentThatNobodyTakesCareOfIsToldToOthers() throws Exception {
        mattermost.channel("managers");
        bridge = Fixture.start(folder, """
                mattermost:
                  - {name: chat, server: "%1$s", token: s3cret, team: ops, channel: alerts}
                  - {name: managers, server: "%1$s", token: s3cret, team: ops, channel: managers}
                default_channels: [chat]
                escalation: [{after: 1s, channels: [managers]}]
                reconcile: {interval: 1s}
                """.formatted(mattermost.server()), clock, scheduler);
        bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
        awaitPost("[FIRING:1] Ill");
        scheduler.advance(Duration.ofSeconds(2));
        Fixture.await("escalation", PATIENCE, () -> mattermost.roots().size() == 2);
        assertThat(mattermost.roots().get(1).everything()).contains("nobody has taken care of this for 1s");
        bridge.post("/webhook", Payloads.group("Ill").resolved("a").body());
        Fixture.await(
                "both are green",
                PATIENCE,
                () -> mattermost.roots().stream()
                        .allMatch(post -> post.everything().contains("[RESOLVED] Ill")));
    }

    @Test
    void whatFiresAtAlertmanagerAndWasNeverToldIsFoundAndSoIsItsEnd() throws Exception {
        // It posts to nobody.
        try (LiveAlertmanager alertmanager = LiveAlertmanager.start(folder, "http://127.0.0.1:1/webhook")) {
            bridge = Fixture.start(folder.resolve("data"), chat() + """
                    alertmanagers: [{url: "%s"}]
                    reconcile: {interval: 1s, outage: 10s, firing_grace: 1s, resolved_grace: 1s}
                    """.formatted(alertmanager.url()));
            Instant now = LiveAlertmanager.now().minusSeconds(10);
            alertmanager.alert("Unheard", "a", now, now.plusSeconds(600));
            awaitPost("[FIRING:1] Unheard prod", "did not tell of it");
            alertmanager.alert("Unheard", "a", now, LiveAlertmanager.now());
            awaitPost("[RESOLVED] Unheard prod", "found to be over");
            assertThat(mattermost.roots()).hasSize(1);
            assertThat(bridge.metric("emberwatch_bridge_missed_total{kind=\"firing\""))
                    .isEqualTo(1);
            assertThat(bridge.metric("emberwatch_bridge_missed_total{kind=\"resolved\""))
                    .isEqualTo(1);
            assertThat(bridge.metric("emberwatch_bridge_alertmanager_up{")).isEqualTo(1);
        }
    }

    @Test
    void whatFiredAndWasOverWhileTheBridgeWasDownIsReportedAfterTheStart() throws Exception {
        HttpServer prometheus = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        double began = clock.instant().getEpochSecond();
        prometheus.createContext("/", http -> {
            String query = http.getRequestURI().getRawQuery()
                    + new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String result = query.contains("%5B") || query.contains("[")
                    ? """
                      {"status":"success","data":{"resultType":"matrix","result":[
                       {"metric":{"__name__":"ALERTS","alertname":"Unseen","alertstate":"firing","severity":"critical"},
                        "values":[[%s,"1"],[%s,"1"]]},
                       {"metric":{"__name__":"ALERTS","alertname":"Ill","alertstate":"firing","instance":"a"},
                        "values":[[%s,"1"],[%s,"1"]]}]}}""".formatted(began, began + 1, began, began + 1)
                    : "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}";
            byte[] body = result.getBytes(StandardCharsets.UTF_8);
            http.getResponseHeaders().set("Content-Type", "application/json");
            http.sendResponseHeaders(200, body.length);
            http.getResponseBody().write(body);
            http.close();
        });
        prometheus.start();
        String config = chat() + """
                reconcile:
                  interval: 1s
                  outage: 2s
                  prometheus: {url: "http://127.0.0.1:%d"}
                """.formatted(prometheus.getAddress().getPort());
        try {
            bridge = Fixture.start(folder, config, clock, scheduler);
            bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
            awaitPost("[FIRING:1] Ill");
            scheduler.advance(Duration.ofSeconds(2)); // a sign of life is on disk
            bridge.close();
            clock.advance(Duration.ofMillis(3500));
            bridge = Fixture.start(folder, config, clock, scheduler);
            scheduler.advance(Duration.ofSeconds(1));
            awaitPost("[RESOLVED] Unseen", "missed: it fired and was over");
            assertThat(mattermost.roots()).as("the other was told").hasSize(2);
            scheduler.advance(Duration.ofSeconds(3));
            assertThat(bridge.metric("emberwatch_bridge_missed_total{kind=\"outage\""))
                    .as("it is reported once")
                    .isEqualTo(1);
            assertThat(mattermost.roots()).hasSize(2);
        } finally {
            prometheus.stop(0);
        }
    }

    @Test
    void aSecondBridgeTakesOverWhenTheFirstEnds() throws Exception {
        String config = chat() + "outbox: {standby: true}\n";
        bridge = Fixture.start(folder, config);
        try (Fixture second = Fixture.start(folder, config)) {
            String body = Payloads.group("Ill").firing("a").body();
            assertThat(second.post("/webhook", body).statusCode()).isEqualTo(503);
            assertThat(second.get("/-/ready").body()).contains("standing by");
            assertThat(bridge.post("/webhook", body).statusCode()).isEqualTo(200);
            awaitPost("[FIRING:1] Ill");
            bridge.close();
            Fixture.await("takeover", Duration.ofSeconds(10), () -> isTaken(second, body));
            second.post("/webhook", Payloads.group("Ill").resolved("a").body());
            awaitPost("[RESOLVED] Ill");
            assertThat(mattermost.roots()).hasSize(1);
        }
    }

    private static boolean isTaken(Fixture bridge, String body) {
        try {
            return bridge.post("/webhook", body).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void aCommandIsRunByRouteAloneWithATimeoutAndIsPutDown() throws Exception {
        Path script = Files.writeString(folder.resolve("restart.sh"), """
                #!/bin/sh
                cat > %1$s/input
                echo "$EMBERWATCH_LABEL_instance" >> %1$s/runs
                [ "$EMBERWATCH_LABEL_instance" = slow ] && sleep 30
                echo restarted
                """.formatted(folder));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        bridge = Fixture.start(folder.resolve("data"), chat() + """
                commands:
                  - {name: restart, command: ["%s"], timeout: 1s, rate_per_minute: 600}
                routes:
                  - {matchers: ['alertname="SensorSilent"'], channels: [restart], and_next: true}
                  - {channels: [chat]}
                retry: {min_backoff: 100ms, max_backoff: 200ms, give_up_after: 1s}
                """.formatted(script));
        bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
        bridge.post(
                "/webhook",
                Payloads.group("SensorSilent").firing("s1; rm -rf /").body());
        Fixture.await("run", PATIENCE, () -> audit().contains("\"result\":\"exit0\""));
        assertThat(Files.readAllLines(folder.resolve("runs"))).containsExactly("s1; rm -rf /");
        assertThat(Files.readString(folder.resolve("input"))).contains("\"alertname\":\"SensorSilent\"");
        bridge.post(
                "/webhook",
                Payloads.group("SensorSilent").resolved("s1; rm -rf /").body());
        awaitPost("[RESOLVED] SensorSilent");
        assertThat(Files.readAllLines(folder.resolve("runs")))
                .as("not for a resolution")
                .hasSize(1);
        Fixture.await(
                "the resolution was passed by", PATIENCE, () -> notifications().contains("\"code\":\"skipped\""));
        String slow = Payloads.group("SensorSilent").firing("slow").body();
        Fixture.await("taken", PATIENCE, () -> isTaken(bridge, slow));
        Fixture.await("timeout", PATIENCE, () -> audit().contains("\"result\":\"timeout\""));
    }

    private String notifications() {
        return page("/api/v1/bridge/notifications");
    }

    private String audit() {
        return page("/api/v1/bridge/audit");
    }

    private String page(String path) {
        try {
            return bridge.get(path).body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
