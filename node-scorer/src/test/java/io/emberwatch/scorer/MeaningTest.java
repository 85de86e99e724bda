package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.scorer.Score.MemberScore;
import io.emberwatch.scorer.Score.Range;
import io.emberwatch.service.config.ConfigReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What it means that there is no value, and where the steps of a scale begin. */
final class MeaningTest {
    private static ScoreModel model(String ofErrors) throws Exception {
        return ConfigReader.parse("shop.yml", """
                name: shop
                prefix: shop
                members: [present]
                indicators:
                  - {name: till, weight: 3, severity: 0.5, inputs: [till], steps: [{above: 1, score: 0}]}
                  - {name: errors, weight: 1, severity: 0.2, inputs: [errors], steps: [{above: 1, score: 0}], %s}
                """.formatted(ofErrors), ScoreModel.class);
    }

    private static MemberScore till(String ofErrors) throws Exception {
        return new Cluster(model(ofErrors))
                .member("a", true)
                .input("till", 0)
                .score()
                .members()
                .get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "absent: unknown, 8.75, 0.75, 7.5, 10",
        "absent: good, 10, 1, 10, 10",
        "absent: ignored, 10, 1, 10, 10",
        "absent: bad, 7.5, 1, 7.5, 7.5",
    })
    void absenceMeansWhatTheModelSays(String absent, double score, double confidence, double low, double high)
            throws Exception {
        MemberScore member = till(absent);

        assertThat(member.score()).hasValue(score);
        assertThat(member.confidence()).isEqualTo(confidence);
        assertThat(member.range()).isEqualTo(new Range(low, high));
    }

    @ParameterizedTest
    @CsvSource({"unknown, 8.75", "good, 10", "ignored, 10", "bad, 7.5"})
    void beingIdleMeansWhatTheModelSays(String idle, double score) throws Exception {
        MemberScore member = new Cluster(model("idle: " + idle))
                .member("a", true)
                .input("till", 0)
                .input("errors", Double.NaN)
                .score()
                .members()
                .get(0);

        assertThat(member.score()).hasValue(score);
    }

    @Test
    void whatIsMissingAndShouldBeThereIsAReason() throws Exception {
        assertThat(till("absent: bad").reasons())
                .containsExactly("errors is missing, 0.0 of 10 (0.25 of 0.25 lost to errors)");
        assertThat(till("absent: ignored").reasons()).isEmpty();
    }

    @Test
    void whatIsUnknownMayBeAsBadAsItsSeverityAllows() throws Exception {
        MemberScore member = new Cluster(model("absent: good"))
                .member("a", true)
                .input("errors", 0)
                .score()
                .members()
                .get(0);

        assertThat(member.score()).as("a quarter of the weights is known").isEmpty();
        assertThat(member.range()).isEqualTo(new Range(2.5, 10));
    }

    @Test
    void thePagesTellTheRangeThePenaltiesAndTheQueriesUsed() throws Exception {
        ScoreModel model = model("absent: unknown");
        Score score =
                new Cluster(model).member("a", true).input("till", 2).leader().score();

        String page = ExpositionWriter.toText(ScoreFamilies.of(model, List.of(score)), TextFormat.PROMETHEUS_0_0_4);

        assertThat(page.lines())
                .contains(
                        "shop_cluster_score_low{cluster=\"test\"} 0",
                        "shop_cluster_score_high{cluster=\"test\"} 2.5",
                        "shop_component_penalty{cluster=\"test\",component=\"till\",instance=\"a\"} 7.5",
                        "shop_component_penalty{cluster=\"test\",component=\"errors\",instance=\"a\"} 1.25",
                        "shop_input_source{component=\"till\",query=\"test\"} 1");
    }

    private static double stepped(String steps, double value) throws Exception {
        return ConfigReader.parse("s.yml", """
                        name: s
                        prefix: s
                        members: [present]
                        indicators: [{name: x, weight: 1, inputs: [x], steps: %s}]
                        """.formatted(steps), ScoreModel.class)
                .indicators()
                .get(0)
                .scale()
                .score(value);
    }

    @Test
    void aStepBeginsAtItsValueOrAboveItAsItSays() throws Exception {
        assertThat(stepped("[{above: 1, score: 5}]", 1)).isEqualTo(10);
        assertThat(stepped("[{above: 1, score: 5}]", Math.nextUp(1.0))).isEqualTo(5);
        assertThat(stepped("[{from: 1, score: 5}]", 1)).isEqualTo(5);
        assertThat(stepped("[{from: 1, score: 5}]", Math.nextDown(1.0))).isEqualTo(10);
    }

    @Test
    void aSingleValueMayBeAStepOfItsOwn() throws Exception {
        String steps = "[{from: 1, score: 5}, {above: 1, score: 0}]";

        assertThat(stepped(steps, 1)).isEqualTo(5);
        assertThat(stepped(steps, Math.nextUp(1.0))).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{score: 5}] | either above or from",
                "[{above: 1, from: 1, score: 5}] | either above or from",
                "[{above: 1, score: 5}, {from: 1, score: 0}] | must ascend",
                "[{above: 1, score: 5}, {above: 1, score: 0}] | must ascend",
                "[{from: 2, score: 5}, {from: 1, score: 0}] | must ascend",
                "[{from: 2, score: 11}] | not between 0 and 10",
            })
    void stepsThatMakeNoSenseAreRefused(String steps, String reason) {
        assertThatThrownBy(() -> stepped(steps, 1)).hasMessageContaining(reason).hasMessageContaining("s.yml:4:");
    }
}
