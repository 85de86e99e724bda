package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The whole program is told to read its configuration again; what is secret is nowhere to be read. */
final class BridgeReloadTest {
    private static final String CANARY = "c4nary-in-the-mine-";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final int port;

    BridgeReloadTest() throws IOException {
        port = Peers.freePort();
    }

    private String secret(String name) throws IOException {
        return Files.writeString(folder.resolve(name), CANARY + name + "\n").toString();
    }

    private void write(MattermostStub chat, String line) throws IOException {
        Files.writeString(folder.resolve("emberwatch.yml"), """
                exporter: {host: {enabled: false}}
                bridge:
                  mattermost:
                    - {name: chat, server: "%1$s", token_file: %2$s, team: ops, channel: alerts}
                    - {name: hook, url: "%1$s/hooks/%3$s"}
                  email:
                    - {name: mail, host: 127.0.0.1, port: 1, tls: none, username: u, password_file: %4$s, from: a@example.com, to: [b@example.com]}
                  alertmanagers: [{url: "http://127.0.0.1:1", bearer_token_file: %5$s}]
                  actions: {url: "http://127.0.0.1:%6$d", secret_file: %7$s}
                  auth: {bearer_token_file: %8$s, hmac_secret_file: %9$s}
                %10$s
                """.formatted(
                        chat.server(),
                        secret("bot"),
                        CANARY + "hook",
                        secret("smtp"),
                        secret("alertmanager"),
                        port,
                        secret("actions"),
                        secret("webhook"),
                        secret("hmac"),
                        line));
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    private double metric(String name) throws IOException {
        return Page.of(Http.get(url("/metrics?collect[]=bridge"))).value(name);
    }

    @Test
    void aReloadIsTakenWholeOrNotAtAllAndNoSecretIsShown() throws Exception {
        try (MattermostStub chat = MattermostStub.start().bot(CANARY + "bot")) {
            chat.channel("alerts");
            write(chat, "");
            try (ServerProcess up = Program.startHearingHangUp(
                    "up",
                    folder,
                    "--log-level=debug",
                    "up",
                    "--config=" + folder.resolve("emberwatch.yml"),
                    "--listen=127.0.0.1:" + port,
                    "--data=" + folder.resolve("data"))) {
                Peers.await("it works", Duration.ofSeconds(60), () -> Http.isOk(url("/-/ready")));
                assertThat(Http.post(url("/webhook"), "application/json", Webhook.firing("Ill"))
                                .statusCode())
                        .isEqualTo(401);
                double hash = metric("emberwatch_bridge_config_hash");
                write(chat, "  time_zone: Middle/Earth");
                new ProcessBuilder("kill", "-HUP", Long.toString(up.pid()))
                        .start()
                        .waitFor();
                Peers.await(
                        "the fault is seen",
                        Duration.ofSeconds(20),
                        () -> metric("emberwatch_bridge_config_last_reload_successful") == 0);
                assertThat(metric("emberwatch_bridge_config_hash")).isEqualTo(hash);
                assertThat(Http.post(url("/-/reload"), "text/plain", "").body()).contains("Middle/Earth");
                write(chat, "  time_zone: Europe/Berlin");
                Files.writeString(folder.resolve("webhook"), "an-open-secret-now");
                new ProcessBuilder("kill", "-HUP", Long.toString(up.pid()))
                        .start()
                        .waitFor();
                Peers.await(
                        "the mended one is in use",
                        Duration.ofSeconds(20),
                        () -> metric("emberwatch_bridge_config_last_reload_successful") == 1);
                assertThat(metric("emberwatch_bridge_config_hash")).isNotEqualTo(hash);
                assertThat(Http.get(url("/api/v1/bridge/audit"), "Authorization", "Bearer an-open-secret-now")
                                .statusCode())
                        .isEqualTo(200);
                Peers.await(
                        "the rules' Watchdog is heard",
                        Duration.ofSeconds(60),
                        () -> metric("emberwatch_bridge_watchdog_last_seen_timestamp_seconds") > 0);
                assertThat(chat.roots())
                        .as("and told to nobody")
                        .noneMatch(post -> post.everything().contains("Watchdog"));
                noCanary(up);
            }
        }
    }

    private void noCanary(ServerProcess up) throws IOException {
        for (String path : List.of(
                "/metrics",
                "/bridge/notifications",
                "/api/v1/bridge/dead-letters",
                "/notifications.html",
                "/-/ready",
                "/api/v1/targets",
                "/api/v1/status/config")) {
            assertThat(Http.get(url(path)).body()).as(path).doesNotContain(CANARY);
        }
        assertThat(Http.get(url("/api/v1/bridge/audit"), "Authorization", "Bearer an-open-secret-now")
                        .body())
                .doesNotContain(CANARY);
        assertThat(up.output()).as("its log").isNotEmpty().doesNotContain(CANARY);
    }
}
