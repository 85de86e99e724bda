package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.scorer.Measurements.Input;
import io.emberwatch.scorer.Measurements.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the default model takes from the traffic of clients and from a database that is half empty: little, but not nothing. */
final class HygieneTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int STEP = 60;
    private static final int DAY = 24 * 3600;

    /** Bytes a second over the day before, and now. */
    private record Traffic(String cluster, double before, double now) {}

    private static final List<Traffic> TRAFFIC = List.of(
            new Traffic("steady", 10_000, 12_000),
            new Traffic("stopped", 10_000, 0),
            new Traffic("flooded", 1_000, 60_000),
            new Traffic("quiet", 10, 0));

    private static Map<Member, Input> measured(String page, String indicator, Path folder, Instant at)
            throws Exception {
        Path file = Files.writeString(folder.resolve("page.txt"), page);
        try (ReplayPrometheus prometheus = ReplayPrometheus.of(file, folder)) {
            return new Surveyor(Models.load("etcd"), prometheus.client())
                    .measure(at)
                    .inputs()
                    .getOrDefault(indicator, Map.of());
        }
    }

    private static double score(String indicator, double value) throws Exception {
        return Models.load("etcd").indicators().stream()
                .filter(one -> one.name().equals(indicator))
                .findFirst()
                .orElseThrow()
                .scale()
                .score(value);
    }

    @Test
    void trafficIsHeldAgainstTheSameHourOfYesterday(@TempDir Path folder) throws Exception {
        ReplayPrometheus.assumeInstalled();
        StringBuilder leader = new StringBuilder("# TYPE etcd_server_has_leader gauge\n");
        StringBuilder received = new StringBuilder("# TYPE etcd_network_client_grpc_received_bytes_total unknown\n");
        for (Traffic one : TRAFFIC) {
            String labels = "{cluster=\"" + one.cluster() + "\",instance=\"a\"} ";
            double total = 0;
            for (int second = 0; second <= DAY + 3600; second += STEP) {
                String time = " " + (START.getEpochSecond() + second) + "\n";
                total += STEP * (second > DAY + 2400 ? one.now() : one.before());
                leader.append("etcd_server_has_leader").append(labels).append(1).append(time);
                received.append("etcd_network_client_grpc_received_bytes_total")
                        .append(labels)
                        .append(total)
                        .append(time);
            }
        }
        Map<Member, Input> inputs = measured(
                leader.append(received).append("# EOF\n").toString(),
                "client_traffic",
                folder,
                START.plusSeconds(DAY + 3600));

        assertThat(score("client_traffic", value(inputs, "steady"))).isEqualTo(10);
        assertThat(value(inputs, "stopped")).isBetween(90.0, 110.0);
        assertThat(value(inputs, "flooded")).isBetween(50.0, 60.0);
        assertThat(score("client_traffic", value(inputs, "flooded"))).isBetween(5.0, 8.0);
        assertThat(score("client_traffic", value(inputs, "quiet"))).isEqualTo(10);
    }

    private static double value(Map<Member, Input> inputs, String cluster) {
        return inputs.entrySet().stream()
                .filter(one -> one.getKey().cluster().get("cluster").equals(cluster))
                .mapToDouble(one -> one.getValue().value())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anEmptyHalfOfALargeDatabaseCostsALittleAndOfASmallOneNothing(@TempDir Path folder) throws Exception {
        ReplayPrometheus.assumeInstalled();
        String time = " " + START.getEpochSecond() + "\n";
        String page = "# TYPE etcd_server_has_leader gauge\n"
                + "etcd_server_has_leader{cluster=\"large\",instance=\"a\"} 1" + time
                + "etcd_server_has_leader{cluster=\"small\",instance=\"a\"} 1" + time
                + "# TYPE etcd_mvcc_db_total_size_in_bytes gauge\n"
                + "etcd_mvcc_db_total_size_in_bytes{cluster=\"large\",instance=\"a\"} 1000000000" + time
                + "etcd_mvcc_db_total_size_in_bytes{cluster=\"small\",instance=\"a\"} 1000000" + time
                + "# TYPE etcd_mvcc_db_total_size_in_use_in_bytes gauge\n"
                + "etcd_mvcc_db_total_size_in_use_in_bytes{cluster=\"large\",instance=\"a\"} 100000000" + time
                + "etcd_mvcc_db_total_size_in_use_in_bytes{cluster=\"small\",instance=\"a\"} 100000" + time
                + "# EOF\n";
        Map<Member, Input> inputs = measured(page, "fragmentation", folder, START.plus(Duration.ofSeconds(5)));

        assertThat(value(inputs, "large")).isEqualTo(0.9);
        assertThat(score("fragmentation", value(inputs, "large"))).isBetween(4.0, 6.0);
        assertThat(value(inputs, "small")).isZero();
    }

    @Test
    void neitherMakesAClusterThatIsWellOtherwiseScoreBelowNine() throws Exception {
        ScoreModel model = Models.load("etcd");
        Score score = new Cluster(model)
                .healthy("a")
                .input("fragmentation", 0.99)
                .input("client_traffic", 1000)
                .leader()
                .score();

        assertThat(score.score().orElseThrow()).isBetween(9.0, 9.7);
    }

    @Test
    void electionsThatAreOverCostHalfAPointForAnHour() throws Exception {
        Score score = new Cluster(Models.load("etcd"))
                .healthy("a")
                .input("leader_changes", 0)
                .input("leader_unrest", 8)
                .leader()
                .score();

        assertThat(score.score().orElseThrow()).isBetween(9.4, 9.9);
    }
}
