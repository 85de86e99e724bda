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

/**
 * {@code emberwatch up} alone, without Prometheus and Alertmanager: from a member that stops to a message, and back. Rules
 * are evaluated and faults forgotten sooner than by default, nothing else is changed.
 */
final class AllInOneScenarioTest {
    private static final String CLUSTER_SCORE = "emberwatch_etcd_cluster_score{cluster=\"prod\"}";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void aStoppedMemberLowersTheScoreAlertsOnceAndResolves() throws Exception {
        int port = Peers.freePort();
        String base = "http://127.0.0.1:" + port;
        try (EtcdCluster etcd = EtcdCluster.start(folder.resolve("etcd"), 3);
                MattermostStub chat = MattermostStub.start().hook("ops", "alerts");
                PostfixServer mail = PostfixServer.start(folder.resolve("postfix"))) {
            Path config = Files.writeString(
                    folder.resolve("emberwatch.yml"), config(etcd, chat, mail, QuickModel.write(folder)));
            try (ServerProcess up = Program.start(
                            "up",
                            folder,
                            "up",
                            "--config=" + config,
                            "--listen=127.0.0.1:" + port,
                            "--data=" + folder.resolve("data"));
                    Browser browser = new Browser(folder)) {
                run(base, etcd, chat, mail, up, browser);
            }
        }
    }

    private void run(
            String base, EtcdCluster etcd, MattermostStub chat, PostfixServer mail, ServerProcess up, Browser browser)
            throws Exception {
        try {
            Peers.await("ready", Duration.ofSeconds(90), () -> Http.isOk(base + "/-/ready"));
            Peers.await(
                    "every member is scored",
                    Duration.ofSeconds(90),
                    () -> Http.value(base, "count(emberwatch_etcd_member_score{cluster=\"prod\"} > 0)") == 3);
            double before = Http.value(base, CLUSTER_SCORE);
            Peers.await(
                    "sensor and host are stored",
                    Duration.ofSeconds(30),
                    () -> Http.value(base, "count(sensor_cpu_load)") == 1 && Http.value(base, "node_load1") >= 0);
            browser.open(base + "/");
            Peers.await(
                    "the page shows a cell",
                    Duration.ofSeconds(30),
                    () -> browser.has("table[data-cluster=prod] td[data-score]"));
            String good = colourOfLastCell(browser);
            browser.screenshot(Path.of("target/screenshots/healthy.png"));

            int member = etcd.follower();
            etcd.stop(member);
            Peers.await(
                    "the member scores 0 and the cluster less than before",
                    Duration.ofMinutes(1),
                    () -> Http.value(base, "emberwatch_etcd_member_score{instance=\"etcd-" + member + "\"}") == 0
                            && Http.value(base, CLUSTER_SCORE) < before);
            chat.awaitPosts(1, Duration.ofMinutes(2));
            Peers.await(
                    "the mail is in the box",
                    Duration.ofMinutes(1),
                    () -> mail.mails().size() == 1);
            assertThat(chat.posts().get(0).everything()).contains("etcd-" + member, "prod");
            assertThat(mail.mails().get(0)).contains("Subject:", "EtcdMemberDown");
            Peers.await(
                    "the cell has changed its colour",
                    Duration.ofMinutes(1),
                    () -> !colourOfLastCell(browser).equals(good));
            Peers.await(
                    "the page shows the alert",
                    Duration.ofMinutes(1),
                    () -> browser.has("[data-alert=EtcdMemberDown][data-state=firing]"));
            browser.screenshot(Path.of("target/screenshots/member-down.png"));

            etcd.restart(member);
            chat.awaitPosts(2, Duration.ofMinutes(3));
            Peers.await(
                    "the second mail is in the box",
                    Duration.ofMinutes(1),
                    () -> mail.mails().size() == 2);
            assertThat(chat.posts().get(1).everything().toLowerCase(java.util.Locale.ROOT))
                    .contains("resolved");
            assertThat(mail.mails().get(1)).containsIgnoringCase("resolved");
            Peers.await(
                    "the member's score rises again",
                    Duration.ofMinutes(4),
                    () -> Http.value(base, "emberwatch_etcd_member_score{instance=\"etcd-" + member + "\"}") > 0);
            assertThat(aboutEtcd(chat))
                    .as("one post for the fault, one for its end")
                    .hasSize(2);
            assertThat(mail.mails()).hasSize(2);
            assertThat(Dashboards.unanswered(base, "self", ""))
                    .as("panels about Emberwatch itself with nothing to show; no Alertmanager is sent to here")
                    .allMatch(query -> query.contains("prometheus_notifications_"));
        } catch (Throwable failed) {
            browser.screenshot(Path.of("target/screenshots/failed.png"));
            throw new AssertionError(up.tail(), failed);
        }
    }

    private static String colourOfLastCell(Browser browser) {
        return browser.find("table[data-cluster=prod] td[data-score]").getCssValue("background-color");
    }

    private static List<String> aboutEtcd(MattermostStub chat) {
        return chat.posts().stream().map(post -> post.everything()).toList();
    }

    private static String config(EtcdCluster etcd, MattermostStub chat, PostfixServer mail, Path model) {
        return """
                exporter:
                  sensors:
                    - name: simulated
                  etcd:
                    clusters:
                      - name: prod
                        members:
                          - {url: "%s", instance: etcd-0}
                          - {url: "%s", instance: etcd-1}
                          - {url: "%s", instance: etcd-2}
                scorer:
                  interval: 5s
                  model: %s
                rules: {evaluation_interval: 5s}
                bridge:
                  mattermost:
                    - {name: chat, url: "%s"}
                  email:
                    - {name: mail, host: 127.0.0.1, port: %d, tls: none, from: emberwatch@example.test, to: [ops@example.test]}
                  routes:
                    - {matchers: ['alertname="EtcdMemberDown"'], channels: [chat, mail]}
                  default_channels: []
                  direct: {group_wait: 2s, group_interval: 5s}
                """.formatted(etcd.url(0), etcd.url(1), etcd.url(2), model, chat.url("ops"), mail.port());
    }
}
