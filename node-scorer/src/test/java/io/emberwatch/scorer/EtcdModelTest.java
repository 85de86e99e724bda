package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.integers;

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
        assertThat(oneDown.score().score()).hasValue(8);

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

        assertThat(follower).isBetween(8.0, 9.0);
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
