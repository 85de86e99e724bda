package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.testkit.mattermost.MattermostStub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
}
