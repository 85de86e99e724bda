package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.emberwatch.service.config.ConfigReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How member scores become a cluster score. */
final class QuorumTest {
    private ScoreModel model;

    @BeforeEach
    void load() throws Exception {
        model = ConfigReader.parse("small.yml", SmallModel.TEXT, ScoreModel.class);
    }

    @ParameterizedTest
    @CsvSource({
        // members, down, score
        "1, 0, 10",
        "1, 1, 0",
        "2, 0, 10",
        "2, 1, 0",
        "3, 0, 10",
        "3, 1, 7.5",
        "3, 2, 0",
        "4, 1, 7.5",
        "5, 0, 10",
        "5, 1, 7.83",
        "5, 2, 7.5",
        "5, 3, 0",
        "7, 1, 7.87",
        "7, 3, 7.5",
        "7, 4, 0",
    })
    void losingToleranceCostsUpToAQuarterMostOfItAtOnceAndLosingTheMajorityEverything(
            int members, int down, double score) {
        Cluster cluster = new Cluster(model);
        for (int i = 0; i < members; i++) {
            if (i < down) {
                cluster.member("m" + i, false);
            } else {
                cluster.healthy("m" + i);
            }
        }
        assertThat(cluster.score().score().getAsDouble()).isCloseTo(score, within(0.005));
    }

    @Test
    void aLearnerHasNoVoteAndIsNoSpare() {
        Cluster cluster = new Cluster(model).healthy("a").leader().healthy("b").healthy("c");
        assertThat(cluster.member("d", false).learner().score().score()).hasValue(10);
        assertThat(cluster.member("d", false).score().members()).hasSize(4);
    }

    @Test
    void aMemberWithoutAScoreIsHalfAHelp() {
        Cluster cluster = new Cluster(model).healthy("a").leader().healthy("b").member("c", true);

        assertThat(cluster.score().score()).hasValue(8.75);
        assertThat(cluster.score().reasons()).containsExactly("c has no score: not measured: disk, wires");
    }

    @Test
    void withoutScoresOfAMajorityThereIsNone() {
        Score score = new Cluster(model)
                .healthy("a")
                .member("b", true)
                .member("c", true)
                .score();

        assertThat(score.score()).isEmpty();
        assertThat(score.confidence()).isCloseTo(1 / 3.0, within(1e-9));
        assertThat(score.reasons()).containsExactly("1 of 3 members have a score, 2 are needed");
    }

    @Test
    void theLeaderIsNamedFirst() {
        Score score = new Cluster(model)
                .healthy("a")
                .input("disk", 1)
                .healthy("b")
                .input("disk", 0.1)
                .leader()
                .healthy("c")
                .score();

        assertThat(score.score().getAsDouble()).isCloseTo(5 * 0.75, within(1e-9));
        assertThat(score.reasons())
                .containsExactly(
                        "b, the leader, scores 5.0: disk is 100 ms, good up to 10 ms, 5.0 of 10 (0.3 of 0.6 lost to disk)",
                        "a scores 0.0: disk is 1 s, good up to 10 ms, 0.0 of 10 (0.6 of 0.6 lost to disk)");
    }

    @Test
    void otherRulesTakeTheWorstOrTheMean() throws Exception {
        model = ConfigReader.parse("worst.yml", SmallModel.TEXT + "cluster: worst\n", ScoreModel.class);
        assertThat(threeOneOfThemDown().score()).hasValue(0);

        model = ConfigReader.parse("mean.yml", SmallModel.TEXT + "cluster: mean\n", ScoreModel.class);
        assertThat(threeOneOfThemDown().score().getAsDouble()).isCloseTo(20 / 3.0, within(1e-9));
        assertThat(threeOneOfThemDown().reasons()).containsExactly("c scores 0.0: the member is down");
    }

    private Score threeOneOfThemDown() {
        return new Cluster(model).healthy("a").healthy("b").member("c", false).score();
    }
}
