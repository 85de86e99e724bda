package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EtcdModelTest {
    private ScoreModel model;

    @BeforeEach
    void load() throws Exception {
        model = Models.load("etcd");
    }

    @Test
    void aHealthyClusterScoresTen() {
        Score score = new Cluster(model)
                .healthy("a")
                .leader()
                .healthy("b")
                .healthy("c")
                .score();

        assertThat(score.score()).hasValue(10);
        assertThat(score.confidence()).isEqualTo(1);
    }

    @Test
    void oneOfThreeDownCostsTheToleranceAndTwoCostEverything() {
        Cluster oneDown = new Cluster(model).healthy("a").leader().healthy("b").member("c", false);
        assertThat(oneDown.score().score()).hasValue(7.5);

        Cluster twoDown = new Cluster(model).healthy("a").member("b", false).member("c", false);
        assertThat(twoDown.score().score()).hasValue(0);
    }

    @Test
    void aSlowLeaderCostsMoreThanASlowFollower() {
        double follower = new Cluster(model)
                .healthy("a")
                .leader()
                .healthy("b")
                .healthy("c")
                .input("wal_fsync", 0.1)
                .score()
                .score()
                .getAsDouble();
        double leader = new Cluster(model)
                .healthy("a")
                .input("wal_fsync", 0.1)
                .leader()
                .healthy("b")
                .healthy("c")
                .score()
                .score()
                .getAsDouble();

        assertThat(follower).isBetween(7.5, 9.0);
        assertThat(leader).isLessThanOrEqualTo(3.0);
    }

    @Test
    void aVetoCannotBeAveragedAway() {
        Score.MemberScore member = new Cluster(model)
                .healthy("a")
                .vetoed("no_leader_for_long")
                .score()
                .members()
                .get(0);

        assertThat(member.score()).hasValue(0);
        assertThat(member.reasons()).startsWith("it has seen no leader for a minute");
    }

    @Test
    void anIdleMemberIsNotPunishedForHavingNothingToMeasure() {
        Score.MemberScore member = new Cluster(model)
                .healthy("a")
                .input("wal_fsync", Double.NaN)
                .input("backend_commit", Double.NaN)
                .score()
                .members()
                .get(0);

        assertThat(member.score()).hasValue(10);
    }

    @Test
    void whatIsNotMeasuredIsSaidAndLowersConfidence() {
        Score.MemberScore member = new Cluster(model)
                .member("a", true)
                .input("wal_fsync", 0.001)
                .input("slow_apply", Double.NaN)
                .score()
                .members()
                .get(0);

        assertThat(member.score()).isEmpty();
        assertThat(member.confidence()).isLessThan(0.5);
        assertThat(member.reasons())
                .singleElement()
                .asString()
                .startsWith(
                        "not measured: the database commit (99th percentile), the round trip to the nearest peer, ");
    }

    @Test
    void scoresStayInRangeAndNeverRiseWhenAnInputWorsens() {
        qt().forAll(
                        integers().between(0, model.indicators().size() - 1),
                        doubles().between(0, 1e6),
                        doubles().between(1, 1e3))
                .checkAssert((index, value, factor) -> {
                    String indicator = model.indicators().get(index).name();
                    double better = scoreWith(indicator, value);
                    double worse = scoreWith(indicator, value * factor);
                    assertThat(better).isBetween(0.0, 10.0);
                    assertThat(worse).isBetween(0.0, 10.0).isLessThanOrEqualTo(better + 1e-9);
                });
    }

    @Test
    void whateverIsMissingOrNoNumberThereIsAScoreInRangeOrNone() {
        double[] odd = {0, -1, 1e-12, 0.03, 7, 1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        qt().forAll(longs().all()).checkAssert(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            Cluster cluster = new Cluster(model);
            for (String instance : List.of("a", "b", "c")) {
                cluster.member(instance, random.nextInt(4) > 0);
                for (ScoreModel.Indicator indicator : model.indicators()) {
                    int pick = random.nextInt(odd.length + 3);
                    if (pick < odd.length) {
                        cluster.input(indicator.name(), odd[pick]);
                    }
                }
                if (random.nextInt(6) == 0) {
                    cluster.vetoed("no_leader");
                }
                if (random.nextBoolean()) {
                    cluster.leader();
                }
            }
            Score score = cluster.score();
            assertThat(score.confidence()).isBetween(0.0, 1.0);
            score.score().ifPresent(value -> assertThat(value).isBetween(0.0, 10.0));
            for (Score.MemberScore member : score.members()) {
                assertThat(member.confidence()).isBetween(0.0, 1.0);
                member.score().ifPresent(value -> assertThat(value).isBetween(0.0, 10.0));
            }
        });
    }

    @Test
    void noSmallChangeOfAValueMakesALargeChangeOfTheScore() {
        // A tenth more is much when there is hardly a tenth left.
        Set<String> runOut = Set.of("database_quota", "file_descriptors");
        for (ScoreModel.Indicator indicator : model.indicators()) {
            for (double value = 1e-4; value < 1e5; value *= 1.1) {
                double change = scoreWith(indicator.name(), value) - scoreWith(indicator.name(), value * 1.1);
                assertThat(change)
                        .as(indicator.name() + " from " + value)
                        .isBetween(0.0, runOut.contains(indicator.name()) ? 3.5 : 1.2);
            }
        }
    }

    private double scoreWith(String indicator, double value) {
        return new Cluster(model)
                .healthy("a")
                .input(indicator, value)
                .score()
                .members()
                .get(0)
                .score()
                .getAsDouble();
    }
}
