package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.service.config.ConfigReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReasonsTest {
    private ScoreModel model;

    @BeforeEach
    void load() throws Exception {
        model = ConfigReader.parse("small.yml", SmallModel.TEXT, ScoreModel.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0319, seconds, 32 ms",
        "0.00099, seconds, 0.99 ms",
        "2.04, seconds, 2 s",
        "75, seconds, 75 s",
        "0.974, share of the quota, 97 % of the quota",
        "0.0047, share, 0.47 %",
        "0, share, 0 %",
        "3.09, per minute, 3.1 per minute",
        "134217728, bytes, 128 MiB",
        "1500, bytes per second, 1.5 KiB per second",
        "12, '', 12",
        "Infinity, seconds, endless s",
        "-0.5, seconds, -500 ms",
    })
    void showsValuesForPeople(double value, String unit, String expected) {
        assertThat(Reasons.value(value, unit)).isEqualTo(expected);
    }

    @Test
    void saysWhatIsWrongAndWhatWouldBeGood() {
        Score score = new Cluster(model)
                .healthy("a")
                .input("disk", 0.1)
                .input("wires", 3)
                .score();

        assertThat(score.members().get(0).reasons())
                .containsExactly(
                        "disk is 100 ms, good up to 10 ms, 5.0 of 10 (0.3 of 0.6 lost to disk)",
                        "wires is 3, good up to 1, 0.0 of 10 (0.4 of 0.4 lost to wires)");
        assertThat(score.reasons())
                .containsExactly("a scores 3.0: disk is 100 ms, good up to 10 ms, 5.0 of 10 (0.3 of 0.6 lost to disk)");
    }

    @Test
    void vetoesComeFirstInTheirOwnWords() {
        Score score = new Cluster(model)
                .healthy("a")
                .input("disk", 0.1)
                .vetoed("full")
                .vetoed("frozen")
                .score();

        assertThat(score.members().get(0).reasons())
                .containsExactly(
                        "frozen",
                        "no space is left",
                        "disk is 100 ms, good up to 10 ms, 5.0 of 10 (0.3 of 0.6 lost to disk)");
        assertThat(score.reasons()).containsExactly("0 of 1 members can work, 1 are needed", "a scores 0.0: frozen");
    }

    @Test
    void whatIsNotMeasuredComesLast() {
        Score score = new Cluster(model).member("a", true).input("disk", 0.1).score();

        assertThat(score.members().get(0).reasons())
                .containsExactly(
                        "disk is 100 ms, good up to 10 ms, 5.0 of 10 (0.3 of 0.6 lost to disk)", "not measured: wires");
    }

    @Test
    void aScaleWithTheGoodInItsMiddleNamesTheNearestGoodValue() throws Exception {
        model = ConfigReader.parse("middle.yml", """
                name: middle
                prefix: middle
                members: [present]
                indicators:
                  - name: speed
                    weight: 1
                    inputs: [speed]
                    knees: [{at: 1, score: 0}, {at: 10, score: 10}, {at: 20, score: 10}, {at: 100, score: 0}]
                """, ScoreModel.class);

        assertThat(reason(3)).isEqualTo("speed is 3, good from 10, 4.8 of 10 (0.52 of 1 lost to speed)");
        assertThat(reason(50)).isEqualTo("speed is 50, good up to 20, 4.3 of 10 (0.57 of 1 lost to speed)");
    }

    private String reason(double speed) {
        return new Cluster(model)
                .member("a", true)
                .input("speed", speed)
                .score()
                .members()
                .get(0)
                .reasons()
                .get(0);
    }

    @Test
    void aHealthyMemberNeedsNoWords() {
        Score score = new Cluster(model).healthy("a").leader().score();

        assertThat(score.reasons()).isEmpty();
        assertThat(score.members().get(0).reasons()).isEmpty();
    }
}
