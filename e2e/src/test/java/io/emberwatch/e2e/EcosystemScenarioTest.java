package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.testkit.mattermost.MattermostStub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same fault with the user's servers between: a real Prometheus scrapes exporter and scorer and evaluates the shipped
 * rules, a real Alertmanager groups and routes to the bridge. Times of routing are shortened, nothing else.
 */
final class EcosystemScenarioTest {
    private static final String CLUSTER_SCORE = "emberwatch_etcd_cluster_score{cluster=\"prod\"}";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final int prometheusPort;
    private final int alertmanagerPort;
    private final int exporterPort;
    private final int scorerPort;
    private final int bridgePort;
    private final int rulesPort;

    EcosystemScenarioTest() throws Exception {
        prometheusPort = Peers.freePort();
        alertmanagerPort = Peers.freePort();
        exporterPort = Peers.freePort();
        scorerPort = Peers.freePort();
        bridgePort = Peers.freePort();
        rulesPort = Peers.freePort();
    }

    @Test
    void aStoppedMemberBecomesOnePostAndOneMailAndSoDoesItsReturn() throws Exception {
        try (EtcdCluster etcd = EtcdCluster.start(folder.resolve("etcd"), 3);
                MattermostStub chat = MattermostStub.start().hook("ops", "alerts");
                PostfixServer mail = PostfixServer.start(folder.resolve("postfix"))) {
            fill(etcd);
            RecordedPast.write(etcd, "prod", folder, PrometheusServer.data("prometheus", folder));
            Path config = Files.writeString(folder.resolve("emberwatch.yml"), config(etcd, chat, mail));
            try (ServerProcess exporter = service("exporter", config, exporterPort);
                    ServerProcess bridge = service("bridge", config, bridgePort);
                    AlertmanagerServer alertmanager = AlertmanagerServer.start(folder, alertmanagerPort, routing());
                    PrometheusServer prometheus =
                            PrometheusServer.start("prometheus", folder, prometheusPort, scraping());
                    ServerProcess rules = service("rules", config, rulesPort, "rules", "run");
                    ServerProcess scorer = service("scorer", config, scorerPort)) {
                try {
                    run(etcd, chat, mail);
                } catch (Throwable failed) {
                    throw new AssertionError(
                            String.join(
                                    "\n",
                                    exporter.tail(),
                                    bridge.tail(),
                                    alertmanager.tail(),
                                    prometheus.tail(),
                                    rules.tail(),
                                    scorer.tail()),
                            failed);
                }
            }
        }
    }

    private void run(EtcdCluster etcd, MattermostStub chat, PostfixServer mail) throws Exception {
        String prometheus = "http://127.0.0.1:" + prometheusPort;
        Peers.await(
                "every target is up",
                Duration.ofMinutes(1),
                () -> Http.value(prometheus, "min(up)") == 1 && Http.value(prometheus, "count(up)") == 9);
        Peers.await(
                "every member is scored",
                Duration.ofMinutes(2),
                () -> Http.value(prometheus, "count(emberwatch_etcd_member_score{cluster=\"prod\"} > 0)") == 3);
        double before = Http.value(prometheus, CLUSTER_SCORE);
        assertThat(Http.value(prometheus, "count(job:process_open_fds:clone)")).isEqualTo(3);
        assertThat(Http.json(prometheus + "/api/v1/rules").findValues("lastError"))
                .allSatisfy(error -> assertThat(error.asText()).isEmpty());

        int member = etcd.follower();
        etcd.stop(member);
        Peers.await(
                "the member scores 0 and the cluster less than before",
                Duration.ofSeconds(90),
                () -> Http.value(prometheus, "emberwatch_etcd_member_score{instance=\"etcd-" + member + "\"}") == 0
                        && Http.value(prometheus, CLUSTER_SCORE) < before);
        chat.awaitPosts(1, Duration.ofMinutes(3));
        Peers.await(
                "the mail is in the box",
                Duration.ofMinutes(1),
                () -> mail.mails().size() == 1);
        assertThat(chat.posts().get(0).everything()).contains("etcd-" + member, "prod");

        etcd.restart(member);
        chat.awaitPosts(2, Duration.ofMinutes(3));
        Peers.await(
                "the second mail is in the box",
                Duration.ofMinutes(1),
                () -> mail.mails().size() == 2);
        assertThat(chat.posts().get(1).everything().toLowerCase(Locale.ROOT)).contains("resolved");
        assertThat(chat.posts()).hasSize(2);
        assertThat(mail.mails()).hasSize(2);
        everyPanelHasSomethingToShow(prometheus);
    }

    // What the scorer tells of the weeks to come needs the weeks before: two that end where this cluster begins.
    private static void everyPanelHasSomethingToShow(String prometheus) throws Exception {
        Peers.await(
                "every signal has a forecast, of those members that it beats chance for, and all know when the quota is reached",
                Duration.ofMinutes(2),
                () -> Http.value(prometheus, "count(count by (habit) (emberwatch_etcd_forecast{horizon=\"1h\"} > 0))")
                                == 3
                        && Http.value(prometheus, "count(emberwatch_etcd_anomaly_score)") > 0
                        && Http.value(prometheus, "count(emberwatch_etcd_time_to_quota_seconds < Inf)") == 3);
        List<String> unanswered = new ArrayList<>();
        for (String dashboard :
                List.of("etcd-heatmap", "etcd-heatmap-colour-blind", "etcd", "sensor", "hosts", "bridge", "self")) {
            unanswered.addAll(Dashboards.unanswered(prometheus, dashboard, "prod"));
            unanswered.addAll(Dashboards.unansweredAround(prometheus, dashboard, "prod"));
        }
        assertThat(unanswered).isEmpty();
    }

    // Megabytes, so that there is growth that reaches the quota one day.
    private static void fill(EtcdCluster etcd) throws Exception {
        String value = "QUFB".repeat(300_000);
        for (char key = 'A'; key < 'K'; key++) {
            String body = "{\"key\":\"" + "a2V5" + key + "AAA\",\"value\":\"" + value + "\"}";
            assertThat(Http.post(etcd.url(0) + "/v3/kv/put", "application/json", body)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private ServerProcess service(String name, Path config, int port) throws Exception {
        return service(name, config, port, name);
    }

    private ServerProcess service(String name, Path config, int port, String... command) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.add("--config=" + config);
        arguments.add("--listen=127.0.0.1:" + port);
        arguments.add("--data=" + folder.resolve("data"));
        ServerProcess process = Program.start(name, folder, arguments.toArray(String[]::new));
        Peers.await(
                name + " answers", Duration.ofSeconds(30), () -> Http.isOk("http://127.0.0.1:" + port + "/-/healthy"));
        return process;
    }

    // The shipped files with this test's ports, and an Alertmanager that waits seconds instead of minutes.
    private String scraping() throws Exception {
        Path shipped = Program.home().resolve("prometheus");
        return Files.readString(shipped.resolve("prometheus.yml"))
                .replace("rules/*.yml", shipped.resolve("rules/*.yml").toString())
                .replace(":9601", ":" + exporterPort)
                .replace(":9602", ":" + scorerPort)
                .replace(":9603", ":" + bridgePort)
                .replace(":9090", ":" + prometheusPort)
                .replace(":9093", ":" + alertmanagerPort)
                .concat("""

                          - job_name: rules
                            static_configs: [{targets: ['127.0.0.1:%d']}]
                        """.formatted(rulesPort))
                .replace("evaluation_interval: 15s", "evaluation_interval: 2s")
                .replace("scrape_interval: 15s", "scrape_interval: 3s")
                .replace("scrape_timeout: 10s", "scrape_timeout: 3s");
    }

    private String routing() throws Exception {
        return Files.readString(Program.home().resolve("prometheus/alertmanager.yml"))
                .replace(":9603", ":" + bridgePort)
                .replaceAll("group_wait: \\S+", "group_wait: 5s")
                .replaceAll("group_interval: \\S+", "group_interval: 10s");
    }

    private String config(EtcdCluster etcd, MattermostStub chat, PostfixServer mail) throws Exception {
        Path own = Files.writeString(folder.resolve("rules.yml"), """
                global: {scrape_interval: 1s}
                scrape_configs:
                  - job_name: rules
                    static_configs: [{targets: ['127.0.0.1:%d']}]
                """.formatted(rulesPort));
        return """
                exporter:
                  sensors: [{name: lab}]
                  etcd:
                    clusters:
                      - name: prod
                        members:
                          - {url: "%s", instance: etcd-0}
                          - {url: "%s", instance: etcd-1}
                          - {url: "%s", instance: etcd-2}
                scorer:
                  interval: 2s
                  prometheus: [{url: "http://127.0.0.1:%d"}]
                bridge:
                  mattermost:
                    - {name: chat, url: "%s"}
                  email:
                    - {name: mail, host: 127.0.0.1, port: %d, tls: none, from: emberwatch@example.test, to: [ops@example.test]}
                  routes:
                    - {matchers: ['component="etcd"'], channels: [chat, mail]}
                  default_channels: []
                rules: {prometheus_config: '%s'}
                """.formatted(etcd.url(0), etcd.url(1), etcd.url(2), prometheusPort, chat.url("ops"), mail.port(), own);
    }
}
