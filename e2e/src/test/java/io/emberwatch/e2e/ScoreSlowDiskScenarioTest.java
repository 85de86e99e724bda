package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disks of a real cluster become slow: the score falls and says why, an alert fires, and all is well again after. All
 * of them, because a slow leader that loses an election on a busy machine is a slow follower. Time runs faster here than it
 * is shipped: scrapes every second, the model's minute is ten seconds.
 */
final class ScoreSlowDiskScenarioTest {
    private static final String SCORE = "emberwatch_etcd_cluster_score{cluster=\"lab\"}";

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void slowDisksLowerTheScoreFireAnAlertAndAreForgottenAfterwards() throws Exception {
        assumeTrue(canTrace(), "this system does not let strace attach");
        int port = Peers.freePort();
        try (ScoreLab lab = ScoreLab.start(folder.resolve("etcd"), 3);
                ScoreLabClients clients = new ScoreLabClients(lab.urls(), 3);
                ServerProcess up = Program.start(
                        "up",
                        folder,
                        "up",
                        "--config=" + config(lab, port),
                        "--listen=127.0.0.1:" + port,
                        "--data=" + folder.resolve("data"))) {
            String base = "http://127.0.0.1:" + port;
            lab.undisturbed(up.pid());
            try {
                run(base, lab);
                assertThat(clients.service().answered()).isPositive();
            } catch (Throwable failed) {
                throw new AssertionError(failed.getMessage() + "\n" + scores(base) + "\n" + up.tail(), failed);
            }
        }
    }

    private static boolean canTrace() throws IOException, InterruptedException {
        Process traced = new ProcessBuilder("/usr/bin/strace", "-o/dev/null", "/bin/true")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return traced.waitFor(10, TimeUnit.SECONDS) && traced.exitValue() == 0;
    }

    private static String scores(String base) {
        try {
            return Http.get(base + "/api/v1/scores").body();
        } catch (IOException none) {
            return "no scores: " + none;
        }
    }

    private static void run(String base, ScoreLab lab) throws Exception {
        Peers.await("ready", Duration.ofSeconds(60), () -> Http.isOk(base + "/-/ready"));
        Peers.await(
                "the cluster is well and nobody is alarmed",
                PATIENCE,
                () -> Http.value(base, SCORE) >= 9
                        && Http.query(base, "ALERTS{alertname=\"ScoreLow\"}").isEmpty());

        for (int member = 0; member < lab.size(); member++) {
            lab.slowFsync(member, 60);
        }
        Peers.await("the score falls", PATIENCE, () -> Http.value(base, SCORE) < 7);
        Peers.await(
                "the alert fires",
                PATIENCE,
                () -> Http.value(base, "ALERTS{alertname=\"ScoreLow\",alertstate=\"firing\"}") == 1);
        Peers.await("the reason is told", PATIENCE, () -> {
            String scores = Http.get(base + "/api/v1/scores").body();
            return scores.contains("the log sync (99th percentile) is")
                    || scores.contains("the database commit (99th percentile) is");
        });

        lab.fastFsync();
        Peers.await("the score is back", PATIENCE, () -> Http.value(base, SCORE) >= 9);
        Peers.await(
                "the alert is gone",
                PATIENCE,
                () -> Http.query(base, "ALERTS{alertname=\"ScoreLow\"}").isEmpty());
        assertThat(Http.get(base + "/heatmap.svg?cluster=lab&days=1").body())
                .contains("<svg", "lab, worst of each hour");
    }

    private Path config(ScoreLab lab, int port) throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.yml"), """
                groups:
                  - name: score
                    rules:
                      - {alert: ScoreLow, expr: emberwatch_etcd_cluster_score < 7, for: 2s}
                """);
        Path scrapes = Files.writeString(folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ['%s']
                scrape_configs:
                  - job_name: etcd
                    honor_labels: true
                    params: {'collect[]': [etcd]}
                    static_configs: [{targets: ['127.0.0.1:%d']}]
                  - job_name: scorer
                    honor_labels: true
                    params: {'collect[]': [scorer]}
                    static_configs: [{targets: ['127.0.0.1:%d']}]
                """.formatted(rules, port, port));
        Path model = QuickModel.write(folder);
        return Files.writeString(
                folder.resolve("emberwatch.yml"), """
                exporter:
                  etcd:
                    clusters:
                      - name: lab
                        members:
                          - {url: "%s", instance: etcd-0}
                          - {url: "%s", instance: etcd-1}
                          - {url: "%s", instance: etcd-2}
                scorer: {interval: 1s, model: '%s'}
                rules: {prometheus_config: '%s'}
                """.formatted(lab.url(0), lab.url(1), lab.url(2), model, scrapes));
    }
}
