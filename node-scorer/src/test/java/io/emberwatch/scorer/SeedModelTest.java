package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.emberwatch.service.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The model etcd-seed against what the published scorer answers, its decimal edges included. */
final class SeedModelTest {
    private static final String PUBLISHED = """
            [weights]
            wt_etcd_wal_fsync = 0.3
            wt_etcd_db_fsync = 0.2
            wt_etcd_file_descriptor = 0.1
            wt_etcd_leader_election = 0.3
            wt_etcd_client_traffic_in = 0.05
            wt_etcd_database_size = 0.05

            [time]
            duration='[1h]'
            """;

    @ParameterizedTest
    @CsvSource({
        // wal, db, fds, elections, expected
        "0.001, 0.001, 32, 0, 10",
        "0.01, 0.001, 32, 0, 10",
        "0.010000000000000002, 0.001, 32, 0, 7",
        "0.001, 0.025, 32, 0, 10",
        "0.001, 0.025000000000000005, 32, 0, 9",
        "0.001, 0.03, 32, 0, 9",
        "0.001, 0.04, 32, 0, 9",
        "0.001, 0.040000000000000008, 32, 0, 8",
        "0.001, 0.05, 32, 0, 8",
        "0.001, 0.001, 1024, 0, 10",
        "0.001, 0.001, 1025, 0, 9",
        "0.001, 0.001, 32, 5, 10",
        "0.001, 0.001, 32, 6, 7",
        "0.0319, 0.0638, 32, 0, 5",
        "1, 1, 9999, 99, 1",
        "Infinity, 0.001, 32, 0, 7",
    })
    void scoresAsPublished(double wal, double db, double fds, double elections, double expected) throws Exception {
        Score.MemberScore member = member(wal, db, fds, elections);

        assertThat(member.score()).hasValueCloseTo(expected, within(1e-9));
        assertThat(member.confidence()).isEqualTo(1);
    }

    private static Score.MemberScore member(double wal, double db, double fds, double elections) throws Exception {
        return new Cluster(Models.load("etcd-seed"))
                .member("etcd-0", true)
                .input("wal_fsync", wal)
                .input("db_fsync", db)
                .input("file_descriptor", fds)
                .input("leader_election", elections)
                .input("client_traffic_in", 10_842)
                .input("database_size", 17_973_248)
                .score()
                .members()
                .get(0);
    }

    // What the published script printed for all combinations of values below, at and above its thresholds, given to it
    // as
    // Prometheus writes them.
    @Test
    void scoresAsTheScriptPrintedAroundAllItsThresholds() throws Exception {
        Path printed = Path.of("src/test/resources/io/emberwatch/scorer/seed-scores.csv");
        List<String> wrong = new ArrayList<>();
        List<String> lines = Files.readAllLines(printed);
        for (String line : lines.subList(1, lines.size())) {
            double[] values = Arrays.stream(line.split(","))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            double score =
                    member(values[0], values[1], values[2], values[3]).score().orElseThrow();
            if (Math.abs(score - values[4]) > 1e-9) {
                wrong.add(line + " here " + score);
            }
        }

        assertThat(lines).hasSize(1 + 5 * 9 * 3 * 3);
        assertThat(wrong).isEmpty();
    }

    @Test
    void whereThePublishedScorerStoppedThisOneGoesOn() throws Exception {
        Score.MemberScore idle = new Cluster(Models.load("etcd-seed"))
                .member("etcd-0", true)
                .input("wal_fsync", Double.NaN)
                .input("db_fsync", Double.NaN)
                .input("file_descriptor", 2000)
                .input("leader_election", 0)
                .input("client_traffic_in", 0)
                .score()
                .members()
                .get(0);

        assertThat(idle.confidence()).as("the database's size is missing").isCloseTo(0.95, within(1e-9));
        assertThat(idle.score()).hasValueCloseTo(10 - 1 - 0.25, within(1e-9));
    }

    @Test
    void readsThePublishedConfigurationAsItStands() throws Exception {
        assertThat(SeedConfig.isIni(PUBLISHED)).isTrue();
        assertThat(SeedConfig.weights("config.conf", PUBLISHED))
                .containsEntry("wal_fsync", 0.3)
                .containsEntry("database_size", 0.05)
                .hasSize(6);
    }

    @Test
    void reportsEveryFaultOfAnIniFileWithItsLine() {
        String faulty = "[weights]\nwt_etcd_wal_fsync = much\nwt_etcd_wal = 1\nnonsense\n[colour]\nx = 1\n";

        assertThatThrownBy(() -> SeedConfig.weights("config.conf", faulty))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.problems())
                                .extracting(ConfigException.Problem::line)
                                .containsExactly(2, 3, 4, 6))
                .hasMessageContaining("config.conf:2:1: weights: wt_etcd_wal_fsync: a weight is a number such as 0.3");
    }
}
