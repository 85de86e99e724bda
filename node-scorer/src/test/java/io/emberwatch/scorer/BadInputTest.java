package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.service.config.ConfigReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that are slow, wrong about the time or full of nonsense: scores stay honest and nothing stops. */
final class BadInputTest {
    private static final Instant NOW = Instant.parse("2026-03-04T14:00:00Z");
    private static final Duration STALE = Duration.ofSeconds(75);

    private static Scoreboard board(QuerySource source) throws Exception {
        ScoreModel model = ConfigReader.parse("small.yml", SmallModel.TEXT, ScoreModel.class);
        return new Scoreboard(model, source, STALE);
    }

    /** Answers as another does, but only in some cases. */
    private static final class Sometimes implements QuerySource {
        private final QuerySource other;
        private final List<String> asked = new ArrayList<>();
        private List<String> tooSlow = List.of();
        private Instant own = NOW;

        Sometimes(QuerySource other) {
            this.other = other;
        }

        @Override
        public QueryResult instant(String expression, Instant at) throws QueryException {
            asked.add(expression);
            if (tooSlow.contains(expression)) {
                throw new QueryException(QueryException.Kind.TIMEOUT, "not in time");
            }
            // As Prometheus looks back five minutes and not ahead.
            boolean known = !at.isBefore(own) && Duration.between(own, at).toMinutes() < 5;
            return known ? other.instant(expression, at) : QueryResult.of(new QueryValue.Vector(List.of()));
        }

        @Override
        public QueryResult range(String expression, Instant start, Instant end, Duration step) throws QueryException {
            throw new QueryException(QueryException.Kind.TIMEOUT, "not in time");
        }
    }

    @Test
    void aSourceThatIsTooSlowIsNotAskedEverything() throws Exception {
        Sometimes slow = new Sometimes(SmallModel.healthy());
        slow.tooSlow = List.of("disk", "disk_before", "wires", "frozen", "full", "leads", "learns");
        Scoreboard board = board(slow);

        Scoreboard.Run run = board.run(NOW);

        assertThat(slow.asked).containsExactly("present", "present_before", "disk", "disk_before");
        assertThat(run.unanswered())
                .hasSize(7)
                .anyMatch(words -> words.endsWith("not asked, others were not answered in time"));
        assertThat(board.scores(NOW)).allMatch(score -> score.score().isEmpty() && score.confidence() == 0);
    }

    @Test
    void oneSlowQueryDoesNotStopTheOthers() throws Exception {
        Sometimes slow = new Sometimes(SmallModel.healthy());
        slow.tooSlow = List.of("frozen");
        Scoreboard board = board(slow);

        board.run(NOW);

        assertThat(slow.asked).contains("full", "leads", "learns");
        assertThat(board.scores(NOW).get(0).score()).hasValue(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT10M", "-PT10M", "-PT1H"})
    void withAnotherClockThereAreNoScoresRatherThanWrongOnes(String skew) throws Exception {
        Sometimes elsewhere = new Sometimes(SmallModel.healthy());
        Scoreboard board = board(elsewhere);
        board.run(NOW);
        Instant skewed = NOW.plus(Duration.parse(skew));
        elsewhere.own = NOW.plus(Duration.parse(skew).multipliedBy(2));

        Scoreboard.Run run = board.run(skewed);

        assertThat(run.trouble()).startsWith("no members were found");
        if (skewed.isAfter(NOW)) {
            assertThat(board.scores(skewed).get(0).score()).isEmpty();
            assertThat(board.scores(skewed).get(0).confidence()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1, 1e308})
    void whateverAValueIsTheScoreIsInRangeAndNoneIsTheBestWithoutReason(double value) throws Exception {
        Answers answers = new Answers();
        SmallModel.present(answers);
        for (String instance : List.of("m0", "m1", "m2")) {
            answers.member("disk", instance, value).member("wires", instance, value);
        }
        Scoreboard board = board(answers);
        board.run(NOW);
        Score score = board.scores(NOW).get(0);

        assertThat(score.range().low())
                .isBetween(0.0, 10.0)
                .isLessThanOrEqualTo(score.range().high());
        score.score()
                .ifPresent(known -> assertThat(known)
                        .isBetween(score.range().low(), score.range().high()));
        if (Double.isNaN(value)) {
            assertThat(score.confidence()).isLessThan(1);
            assertThat(score.score().orElse(0)).isLessThan(10);
        }
        assertThat(ScoreFamilies.of(ConfigReader.parse("small.yml", SmallModel.TEXT, ScoreModel.class), List.of(score)))
                .isNotEmpty();
    }

    @Test
    void weightsNeedNotSumToAnything() throws Exception {
        String text = SmallModel.TEXT;
        String other = text.replace("weight: 0.6", "weight: 6000").replace("weight: 0.4", "weight: 4000");
        assertThat(other).isNotEqualTo(text);
        List<Score> scores = new ArrayList<>();
        for (String model : List.of(text, other)) {
            scores.add(new Cluster(ConfigReader.parse("small.yml", model, ScoreModel.class))
                    .member("a", true)
                    .input("disk", 0.03)
                    .input("wires", 3)
                    .score());
        }

        assertThat(scores.get(1)).isEqualTo(scores.get(0));
    }
}
