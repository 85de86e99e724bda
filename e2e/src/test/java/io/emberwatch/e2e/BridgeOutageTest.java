package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * An alert of a real Prometheus fires and is resolved while the bridge is down. A real Alertmanager never tells of it
 * afterwards; the bridge finds it. And people act on what it does tell, as amtool sees it.
 */
final class BridgeOutageTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final int alertmanagerPort;
    private final int bridgePort;

    BridgeOutageTest() throws IOException {
        alertmanagerPort = Peers.freePort();
        bridgePort = Peers.freePort();
    }

    @Test
    void whatWasMissedIsReportedAndWhatIsAcknowledgedIsSilenced() throws Exception {
        Path rules = folder.resolve("rules.yml");
        write(rules, "vector(1) == 0");
        String routing = """
                route: {receiver: bridge, group_by: [alertname], group_wait: 500ms, group_interval: 2s, repeat_interval: 1h}
                receivers:
                  - name: bridge
                    webhook_configs: [{url: "http://127.0.0.1:%d/webhook", send_resolved: true}]
                """.formatted(bridgePort);
        try (MattermostStub chat = MattermostStub.start().bot("s3cret");
                AlertmanagerServer alertmanager = AlertmanagerServer.start(folder, alertmanagerPort, routing);
                PrometheusServer prometheus =
                        PrometheusServer.start("prometheus", folder, """
                        global: {evaluation_interval: 1s, scrape_interval: 5s}
                        rule_files: [%s]
                        alerting: {alertmanagers: [{static_configs: [{targets: ["127.0.0.1:%d"]}]}]}
                        """.formatted(rules, alertmanagerPort))) {
            chat.channel("alerts");
            Path config = write(chat, prometheus);
            ServerProcess bridge = bridge(config);
            try {
                Peers.await(
                        "a sign of life is on disk",
                        Duration.ofSeconds(20),
                        () -> Page.of(Http.get(url() + "/metrics"))
                                        .value("emberwatch_bridge_alertmanager_up{alertmanager=\"http://127.0.0.1:"
                                                + alertmanagerPort + "/\"}")
                                == 1);
                bridge.kill();
                write(rules, "vector(1)");
                reload(prometheus);
                Peers.await(
                        "it fires",
                        Duration.ofSeconds(20),
                        () -> !Http.query(prometheus.url(), "ALERTS{alertname=\"Missed\",alertstate=\"firing\"}")
                                .isEmpty());
                write(rules, "vector(1) == 0");
                reload(prometheus);
                Peers.await(
                        "it is over",
                        Duration.ofSeconds(20),
                        () -> Http.query(prometheus.url(), "ALERTS{alertname=\"Missed\"}")
                                .isEmpty());
                Peers.await(
                        "Alertmanager has forgotten it",
                        Duration.ofSeconds(30),
                        () -> Http.json(alertmanager.url() + "/api/v2/alerts").isEmpty());
                bridge = bridge(config);
                Peers.await(
                        "it is reported",
                        Duration.ofSeconds(60),
                        () -> chat.roots().size() == 1);
                assertThat(chat.roots().get(0).everything())
                        .contains("[RESOLVED] Missed", "missed: it fired and was over");
                act(chat, alertmanager);
            } catch (Throwable failed) {
                throw new AssertionError(bridge.tail() + "\n" + alertmanager.tail(), failed);
            } finally {
                bridge.close();
            }
        }
    }

    private void act(MattermostStub chat, AlertmanagerServer alertmanager) throws Exception {
        alertmanager.alert("Told");
        Peers.await(
                "it is told this time",
                Duration.ofSeconds(30),
                () -> chat.roots().size() == 2);
        String post = chat.roots().get(1).id();
        assertThat(chat.press(post, "ack", "anneanneanneanneanneannean")).contains("acknowledged by user-anne");
        String silences = alertmanager.amtool("silence", "query");
        assertThat(silences).contains("alertname=\"Told\"", "user-anne", "ACK! ");
        Program.Finished list = Program.run(folder, "silence", "list", "--alertmanager=" + alertmanager.url());
        assertThat(list.output()).contains("active", "alertname=Told");
        Peers.await(
                "the post says so",
                Duration.ofSeconds(20),
                () -> chat.roots().get(1).everything().contains("Acknowledged by user-anne, silence "));
        assertThat(chat.press(post, "unsilence", "anneanneanneanneanneannean")).contains("taken back");
        assertThat(alertmanager.amtool("silence", "query")).doesNotContain("ACK! ");
    }

    private static void write(Path rules, String expression) throws IOException {
        Files.writeString(rules, """
                groups:
                  - name: test
                    rules:
                      - {alert: Missed, expr: "%s", labels: {severity: critical, cluster: prod}}
                """.formatted(expression));
    }

    private static void reload(PrometheusServer prometheus) throws Exception {
        prometheus.hangUp();
    }

    private Path write(MattermostStub chat, PrometheusServer prometheus) throws IOException {
        return Files.writeString(folder.resolve("emberwatch.yml"), """
                bridge:
                  mattermost:
                    - {name: chat, server: "%s", token: s3cret, team: ops, channel: alerts}
                  alertmanagers: [{url: "http://127.0.0.1:%d"}]
                  external_url: http://127.0.0.1:%d
                  actions: {secret: a-secret-of-more-than-sixteen}
                  reconcile: {interval: 1s, outage: 1s, prometheus: {url: "%s"}}
                """.formatted(
                        chat.server(), alertmanagerPort, bridgePort, prometheus.url()));
    }

    private String url() {
        return "http://127.0.0.1:" + bridgePort;
    }

    private ServerProcess bridge(Path config) throws Exception {
        ServerProcess process = Program.start(
                "bridge",
                folder,
                "bridge",
                "--config=" + config,
                "--listen=127.0.0.1:" + bridgePort,
                "--data=" + folder.resolve("data"));
        Peers.await("the bridge answers", Duration.ofSeconds(40), () -> Http.isOk(url() + "/-/healthy"));
        return process;
    }
}
