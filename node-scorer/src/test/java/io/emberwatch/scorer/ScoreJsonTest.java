package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.scorer.Score.Component;
import io.emberwatch.scorer.Score.MemberScore;
import io.emberwatch.scorer.Score.Range;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class ScoreJsonTest {
    @Test
    void showsScoresWithTheirBreakdown() throws Exception {
        Score score = new Score(
                Labels.of("cluster", "c"),
                OptionalDouble.of(8.25),
                new Range(8, 9),
                0.75,
                List.of(new MemberScore(
                        "m\"0",
                        true,
                        OptionalDouble.of(7.5),
                        new Range(7.5, 7.5),
                        1,
                        List.of(new Component(
                                "disk", 0.6, OptionalDouble.of(0.02), OptionalDouble.of(7), "rate(x[1m])")),
                        List.of("disk is slow"))),
                List.of("m0 is slow"));

        assertThat(text(List.of(score), ""))
                .isEqualTo("{\"at\":\"1970-01-01T00:00:00Z\",\"trouble\":\"\",\"clusters\":[{\"cluster\":\"c\","
                        + "\"labels\":{\"cluster\":\"c\"},\"model\":\"small\","
                        + "\"score\":8.25,\"low\":8.0,\"high\":9.0,\"confidence\":0.75,\"reasons\":[\"m0 is slow\"],\"members\":[{\"instance\":\"m\\\"0\",\"up\":true,"
                        + "\"score\":7.5,\"low\":7.5,\"high\":7.5,\"confidence\":1.0,\"reasons\":[\"disk is slow\"],\"components\":["
                        + "{\"name\":\"disk\",\"weight\":0.6,\"input\":0.02,\"score\":7.0,\"lost\":1.8,\"query\":\"rate(x[1m])\"}"
                        + "]}]}]}");
    }

    @Test
    void whatIsUnknownOrNotANumberIsNull() throws Exception {
        Score score = new Score(
                Labels.of("cluster", "c"),
                OptionalDouble.empty(),
                Range.ALL,
                0,
                List.of(new MemberScore(
                        "m0",
                        true,
                        OptionalDouble.empty(),
                        Range.ALL,
                        0,
                        List.of(
                                new Component("a", 1, OptionalDouble.of(Double.NaN), OptionalDouble.empty(), "a"),
                                new Component(
                                        "b",
                                        1,
                                        OptionalDouble.of(Double.POSITIVE_INFINITY),
                                        OptionalDouble.of(0),
                                        "b")),
                        List.of())),
                List.of());

        assertThat(text(List.of(score), ""))
                .contains("\"score\":null,\"low\":0.0,\"high\":10.0,\"confidence\":0.0")
                .contains("{\"name\":\"a\",\"weight\":1.0,\"input\":null,\"score\":null")
                .contains("{\"name\":\"b\",\"weight\":1.0,\"input\":null,\"score\":0.0,\"lost\":10.0");
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertThat(text(List.of(), "no members were found"))
                .isEqualTo("{\"at\":\"1970-01-01T00:00:00Z\",\"trouble\":\"no members were found\",\"clusters\":[]}");
    }

    private static String text(List<Score> scores, String trouble) throws Exception {
        return new String(
                ScoreJson.write(
                        Instant.EPOCH,
                        List.of(new ScorerService.Shown("small", scores, List.of())),
                        trouble.isEmpty() ? List.of() : List.of(trouble)),
                StandardCharsets.UTF_8);
    }
}
