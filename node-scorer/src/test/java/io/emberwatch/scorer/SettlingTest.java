package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.lists;

import io.emberwatch.scorer.Measurements.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SettlingTest {
    private static final Member MEMBER = Cluster.member("m0");

    private final Settling settling = new Settling();

    private static ScoreModel.Indicator holding(String fallsAfter, String risesAfter) {
        return new ScoreModel.Indicator(
                "disk",
                1,
                1,
                "",
                "",
                ScoreModel.Meaning.GOOD,
                ScoreModel.Meaning.UNKNOWN,
                Duration.parse(fallsAfter),
                Duration.parse(risesAfter),
                List.of("disk"),
                List.of(),
                List.of());
    }

    private List<Double> every15Seconds(ScoreModel.Indicator indicator, double... scores) {
        List<Double> settled = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            settled.add(settling.settle(MEMBER, indicator, Instant.ofEpochSecond(15L * i), scores[i]));
        }
        return settled;
    }

    @Test
    void withoutAHoldTheScoreIsWhatItIs() {
        assertThat(every15Seconds(holding("PT0S", "PT0S"), 10, 2, 10)).containsExactly(10.0, 2.0, 10.0);
    }

    @Test
    void aSingleBadValueDoesNotCount() {
        assertThat(every15Seconds(holding("PT15S", "PT0S"), 10, 2, 10, 3, 4, 4, 10))
                .containsExactly(10.0, 10.0, 10.0, 10.0, 4.0, 4.0, 10.0);
    }

    @Test
    void aHoldBetweenTwoIntervalsTakesTheLonger() {
        assertThat(every15Seconds(holding("PT20S", "PT0S"), 10, 2, 2, 2)).containsExactly(10.0, 10.0, 10.0, 2.0);
    }

    @Test
    void itRisesOnlyAfterItWasBetterForAWhile() {
        assertThat(every15Seconds(holding("PT0S", "PT30S"), 10, 2, 10, 10, 10))
                .containsExactly(10.0, 2.0, 2.0, 2.0, 10.0);
    }

    @Test
    void whatDidNotCountAsAFallDoesNotDelayTheRise() {
        assertThat(every15Seconds(holding("PT15S", "PT30S"), 10, 2, 10, 10)).containsExactly(10.0, 10.0, 10.0, 10.0);
    }

    @Test
    void theFirstValueAndTheFirstAfterAGapCountAsTheyAre() {
        ScoreModel.Indicator indicator = holding("PT15S", "PT0S");
        assertThat(settling.settle(MEMBER, indicator, Instant.ofEpochSecond(0), 2))
                .isEqualTo(2);
        assertThat(settling.settle(MEMBER, indicator, Instant.ofEpochSecond(15), 10))
                .isEqualTo(10);
        assertThat(settling.settle(MEMBER, indicator, Instant.ofEpochSecond(1000), 3))
                .isEqualTo(3);
    }

    @Test
    void membersThatAreGoneAreForgotten() {
        ScoreModel.Indicator indicator = holding("PT15S", "PT0S");
        settling.settle(MEMBER, indicator, Instant.ofEpochSecond(0), 10);
        settling.keepOnly(Set.of());

        assertThat(settling.settle(MEMBER, indicator, Instant.ofEpochSecond(15), 2))
                .isEqualTo(2);
    }

    @Test
    void itNeverLeavesTheRangeOfWhatWasMeasuredLately() {
        ScoreModel.Indicator indicator = holding("PT30S", "PT45S");
        qt().forAll(lists().of(doubles().between(0, 10)).ofSizeBetween(1, 40)).checkAssert(scores -> {
            Settling fresh = new Settling();
            for (int i = 0; i < scores.size(); i++) {
                double settled = fresh.settle(MEMBER, indicator, Instant.ofEpochSecond(15L * i), scores.get(i));
                List<Double> lately = scores.subList(Math.max(0, i - 5), i + 1);
                assertThat(settled)
                        .isBetween(
                                lately.stream().min(Double::compare).orElseThrow(),
                                lately.stream().max(Double::compare).orElseThrow());
            }
        });
    }
}
