package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.testkit.mattermost.MattermostStub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The page of notifications in a real browser: what comes is there at once, and a reload keeps what was looked at. */
final class BridgePageTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void whatIsReceivedIsOnThePageAtOnceWithItsTrail() throws Exception {
        int port = Peers.freePort();
        String url = "http://127.0.0.1:" + port;
        try (MattermostStub chat = MattermostStub.start()) {
            Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                    exporter: {host: {enabled: false}}
                    bridge:
                      mattermost: [{name: chat, url: "%s"}]
                    """.formatted(chat.url("alerts")));
            try (ServerProcess up = Program.start(
                            "up",
                            folder,
                            "up",
                            "--config=" + config,
                            "--listen=127.0.0.1:" + port,
                            "--data=" + folder.resolve("data"));
                    Browser browser = new Browser(folder)) {
                Peers.await(
                        "it works",
                        Duration.ofSeconds(60),
                        () -> Http.post(url + "/webhook", "application/json", Webhook.firing("BeforeThePage"))
                                        .statusCode()
                                == 200);
                browser.open(url + "/notifications.html");
                Peers.await("the backlog is shown", Duration.ofSeconds(20), () -> browser.has("[data-notification]"));
                Peers.await("it is live", Duration.ofSeconds(20), () -> browser.has("#fresh[data-live=true]"));
                assertThat(browser.text("#list")).contains("[FIRING:1] BeforeThePage");
                Http.post(url + "/webhook", "application/json", Webhook.firing("WhileItIsOpen"));
                Peers.await(
                        "what comes is shown",
                        Duration.ofSeconds(10),
                        () -> browser.text("#list").contains("[FIRING:1] WhileItIsOpen"));
                Peers.await(
                        "its delivery is shown",
                        Duration.ofSeconds(10),
                        () -> browser.has("[data-notification=\"2\"] [data-state=delivered]"));
                browser.find("[data-notification=\"2\"] button").click();
                Peers.await(
                        "the trail is shown",
                        Duration.ofSeconds(5),
                        () -> browser.has("[data-notification=\"2\"] [data-event=delivered]"));
                browser.screenshot(Path.of("target/notifications.png"));
                browser.open(url + "/notifications.html?search=beforethepage");
                Peers.await(
                        "only what was searched for is shown",
                        Duration.ofSeconds(10),
                        () -> browser.has("[data-notification=\"1\"]") && !browser.has("[data-notification=\"2\"]"));
                browser.open(url + "/notifications.html");
                Peers.await(
                        "the opened trail is open again",
                        Duration.ofSeconds(10),
                        () -> browser.has("[data-notification=\"2\"] [data-event=delivered]"));
                assertThat(up.isAlive()).isTrue();
            }
        }
    }

    @Test
    void peopleActFromThePageOfWhicheverOfTwoBridgesIsThere() throws Exception {
        int alertmanagerPort = Peers.freePort();
        int first = Peers.freePort();
        int second = Peers.freePort();
        String here = "http://127.0.0.1:" + second;
        Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                bridge:
                  alertmanagers: [{url: "http://127.0.0.1:%d"}]
                  outbox: {standby: true}
                  reconcile: {interval: 1s}
                """.formatted(alertmanagerPort));
        try (AlertmanagerServer alertmanager = AlertmanagerServer.start(
                        folder, alertmanagerPort, "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n");
                ServerProcess active = bridge("first", config, first);
                ServerProcess standby = bridge("second", config, second);
                Browser browser = new Browser(folder)) {
            Http.post("http://127.0.0.1:" + first + "/webhook", "application/json", Webhook.firing("Told"));
            browser.open(here + "/");
            Peers.await("the other's backlog", Duration.ofSeconds(20), () -> browser.has("[data-notification=\"1\"]"));
            Peers.await("it is live", Duration.ofSeconds(20), () -> browser.has("#fresh[data-live=true]"));
            Http.post("http://127.0.0.1:" + first + "/webhook", "application/json", Webhook.firing("Live"));
            Peers.await("the other's news", Duration.ofSeconds(20), () -> browser.has("[data-notification=\"2\"]"));
            assertThat(browser.has("[data-action]"))
                    .as("only who has the outbox acts")
                    .isFalse();
            active.kill();
            Peers.await("it takes over", Duration.ofSeconds(20), () -> browser.has("[data-action=silence1h]"));
            act(browser, alertmanager.url());
            browser.screenshot(Path.of("target/notifications-acted.png"));
            for (String scheme : List.of("light", "dark")) {
                browser.prefer(scheme);
                browser.open(here + "/notifications.html");
                Peers.await("the page in " + scheme, Duration.ofSeconds(20), () -> browser.has("[data-notification]"));
                assertThat(browser.barriers()).as(scheme).isEmpty();
            }
            browser.screenshot(Path.of("target/notifications-dark.png"));
            assertThat(List.of(alertmanager.isAlive(), standby.isAlive())).containsOnly(true);
        }
    }

    private static void act(Browser browser, String alertmanager) throws Exception {
        browser.find("#who").sendKeys("Anne");
        browser.find("[data-notification=\"1\"] [data-action=silence1h]").click();
        Peers.await(
                "it says so",
                Duration.ofSeconds(20),
                () -> browser.text("#list").contains("silenced by Anne until"));
        assertThat(Http.json(alertmanager + "/api/v2/silences").toString()).contains("Anne", "Told");
        // With the keyboard alone: to the first row, acknowledge it; then a silence of one's own for it.
        browser.find("#said").click();
        browser.press("j");
        browser.press("a");
        Peers.await(
                "acknowledged",
                Duration.ofSeconds(20),
                () -> browser.text("#list").contains("acknowledged by Anne"));
        browser.press("s");
        Peers.await(
                "what it would match",
                Duration.ofSeconds(20),
                () -> browser.text("#preview").contains("matches 0 alerts now"));
        assertThat(browser.barriers()).as("the dialog").isEmpty();
        browser.find("#comment").sendKeys("disk swap\n");
        try {
            Peers.await(
                    "silenced with a reason",
                    Duration.ofSeconds(20),
                    () -> Http.json(alertmanager + "/api/v2/silences")
                            .toString()
                            .contains("disk swap"));
        } catch (AssertionError failed) {
            throw new AssertionError("the page says: " + browser.text("#said"), failed);
        }
    }

    private ServerProcess bridge(String name, Path config, int port) throws Exception {
        ServerProcess process = Program.start(
                name,
                folder,
                "bridge",
                "--config=" + config,
                "--listen=127.0.0.1:" + port,
                "--data=" + folder.resolve("data"));
        Peers.await(
                "the bridge answers",
                Duration.ofSeconds(40),
                () -> Http.isOk("http://127.0.0.1:" + port + "/-/healthy"));
        return process;
    }
}
