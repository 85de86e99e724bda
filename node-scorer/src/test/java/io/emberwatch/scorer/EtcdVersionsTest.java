package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.scorer.Score.Component;
import io.emberwatch.scorer.Score.MemberScore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clusters of every version of etcd side by side in one Prometheus, each with the metrics that its version has under the
 * names that it gives them (from the sources of etcd 3.2 to 3.7).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EtcdVersionsTest {
    private static final Instant END = Instant.parse("2026-01-01T12:00:00Z");
    private static final double[] BOUNDS = {0.001, 0.002, 0.004, 0.008, 0.016, 0.032};

    private @Nullable ReplayPrometheus prometheus;
    private final Map<String, Score> scores = new TreeMap<>();

    @BeforeAll
    void score(@TempDir Path folder) throws Exception {
        ReplayPrometheus.assumeInstalled();
        Page page = new Page();
        for (int minor = 2; minor <= 7; minor++) {
            page.cluster("3." + minor, minor, 0.3, 0);
            page.cluster("full-3." + minor, minor, 1.01, 0);
        }
        page.restarted = true;
        page.cluster("restarted-3.5", 5, 0.3, 0);
        page.restarted = false;
        page.cluster("alarm-3.6", 6, 0.3, 1);
        ReplayPrometheus started =
                ReplayPrometheus.of(Files.writeString(folder.resolve("all.om"), page.text()), folder);
        prometheus = started;
        ScoreModel model = Models.load("etcd");
        Measurements measured = new Surveyor(model, started.client()).measure(END);
        assertThat(measured.unanswered()).isEmpty();
        new Scorer(model).score(measured).forEach(score -> scores.put(score.cluster(), score));
    }

    @AfterAll
    void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
    }

    private MemberScore member(String cluster) {
        Score score = scores.get(cluster);
        assertThat(score).as(cluster).isNotNull();
        return score.members().get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.3", "3.4", "3.5", "3.6", "3.7"})
    void aHealthyClusterIsMeasuredWholeAndScoresTen(String version) {
        assertThat(scores.get(version).score()).hasValue(10);
        assertThat(scores.get(version).confidence()).isEqualTo(1);
    }

    @Test
    void theOldestIsScoredFromWhatItHas() {
        Score score = scores.get("3.2");

        assertThat(score.confidence()).isBetween(0.6, 0.8);
        assertThat(score.score().orElse(0)).isBetween(7.0, 9.0);
        assertThat(score.range().high()).isEqualTo(10);
        assertThat(member("3.2").reasons()).singleElement().asString().startsWith("not measured: ");
    }

    @ParameterizedTest
    @CsvSource({"3.3, 0.3", "3.4, 0.3", "3.5, 0.3", "3.7, 0.3", "full-3.3, 1.01", "full-3.6, 1.01"})
    void theDatabaseIsFoundUnderEitherName(String cluster, double share) {
        Component database = member(cluster).components().stream()
                .filter(component -> component.name().equals("database_quota"))
                .findFirst()
                .orElseThrow();

        assertThat(database.input()).hasValue(share);
    }

    @ParameterizedTest
    @ValueSource(strings = {"full-3.3", "full-3.4", "full-3.5", "full-3.6", "full-3.7"})
    void aFullDatabaseStopsEveryVersion(String cluster) {
        assertThat(scores.get(cluster).score()).hasValue(0);
        assertThat(member(cluster).reasons().get(0)).contains("reached its quota");
    }

    @Test
    void anAlarmIsSeenWhereItIsAMetric() {
        assertThat(scores.get("alarm-3.6").score()).hasValue(0);
        assertThat(member("alarm-3.6").reasons().get(0)).contains("an alarm stands");
    }

    @Test
    void aCounterThatBeginsAnewIsARestartAndNothingElse() {
        Score score = scores.get("restarted-3.5");

        assertThat(score.score().orElse(0)).isGreaterThanOrEqualTo(9);
        assertThat(score.confidence()).isEqualTo(1);
        assertThat(score.members().get(1).reasons())
                .singleElement()
                .asString()
                .startsWith("the number of restarts is 1 in 5 minutes");
    }

    /** Five minutes of metrics in OpenMetrics, family by family. */
    private static final class Page {
        private final Map<String, List<String>> families = new TreeMap<>();
        private boolean restarted;

        private void series(String name, String labels, double first, double perSecond) {
            List<String> lines = families.computeIfAbsent(name, unseen -> new ArrayList<>());
            for (int second = -300; second <= 0; second += 15) {
                boolean anew = restarted && second >= -60 && labels.contains("etcd-1");
                double value = anew ? perSecond * (second + 60) : first + perSecond * (second + 300);
                value = anew && perSecond == 0 ? first + (name.startsWith("process_start") ? 1e6 : 0) : value;
                lines.add(name + "{" + labels + "} " + value + " "
                        + END.plusSeconds(second).getEpochSecond());
            }
        }

        private void histogram(String name, String labels) {
            for (int i = 0; i < BOUNDS.length; i++) {
                series(name + "_bucket", labels + ",le=\"" + BOUNDS[i] + "\"", 100, i < 2 ? 10 : 40);
            }
            series(name + "_bucket", labels + ",le=\"+Inf\"", 100, 40);
        }

        void cluster(String cluster, int minor, double full, double alarm) {
            for (int i = 0; i < 3; i++) {
                member("job=\"etcd\",cluster=\"" + cluster + "\",instance=\"etcd-" + i + "\"", minor, i == 0, full);
            }
            if (alarm > 0) {
                String of = "job=\"etcd\",cluster=\"" + cluster + "\",instance=\"etcd-0\",alarm_type=\"NOSPACE\"";
                series("etcd_debugging_server_alarms", of, alarm, 0);
            }
        }

        private void member(String of, int minor, boolean leads, double full) {
            series("up", of, 1, 0);
            series("process_open_fds", of, 50, 0);
            series("process_max_fds", of, 65536, 0);
            series("process_start_time_seconds", of, 1.7e9, 0);
            series("etcd_server_has_leader", of, 1, 0);
            series("etcd_server_leader_changes_seen_total", of, 1, 0);
            series("etcd_server_proposals_committed_total", of, 5000, 40);
            series("etcd_server_proposals_applied_total", of, 5000, 40);
            series("etcd_server_proposals_pending", of, 0, 0);
            series("etcd_server_proposals_failed_total", of, 0, 0);
            histogram("etcd_disk_wal_fsync_duration_seconds", of);
            histogram("etcd_disk_backend_commit_duration_seconds", of);
            histogram("etcd_network_peer_round_trip_time_seconds", of + ",To=\"a\"");
            if (minor <= 4) {
                series("etcd_debugging_mvcc_db_total_size_in_bytes", of, full * 1e9, 0);
            }
            if (minor >= 3) {
                series("etcd_mvcc_db_total_size_in_bytes", of, full * 1e9, 0);
                series("etcd_server_quota_backend_bytes", of, 1e9, 0);
                series("etcd_server_is_leader", of, leads ? 1 : 0, 0);
                series("etcd_server_heartbeat_send_failures_total", of, 0, 0);
                series("etcd_server_slow_apply_total", of, 0, 0);
            }
            if (minor >= 4) {
                series("etcd_server_is_learner", of, 0, 0);
            }
        }

        String text() {
            StringBuilder text = new StringBuilder();
            families.forEach((name, lines) -> {
                text.append("# TYPE ").append(name).append(" unknown\n");
                lines.forEach(line -> text.append(line).append('\n'));
            });
            return text.append("# EOF\n").toString();
        }
    }
}
