package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.service.config.ConfigReader;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PrometheusSourcesTest {
    private final Answers west = new Answers();
    private final Answers east = new Answers();
    private final QuerySource both = PrometheusSources.of(List.of(west, east));

    private static List<Double> values(QueryResult result) {
        return ((QueryValue.Vector) result.value())
                .samples().stream().map(sample -> sample.value()).toList();
    }

    @Test
    void answersAreJoined() throws Exception {
        west.series("up", 1, "cluster", "w", "instance", "m0");
        east.series("up", 0, "cluster", "e", "instance", "m0");

        assertThat(values(both.instant("up", Instant.EPOCH))).containsExactly(1.0, 0.0);
    }

    @Test
    void oneThatIsSilentIsPassedOverWithAWarning() throws Exception {
        west.down(true);
        east.series("up", 1, "cluster", "e", "instance", "m0");

        QueryResult result = both.instant("up", Instant.EPOCH);

        assertThat(values(result)).containsExactly(1.0);
        assertThat(result.warnings()).containsExactly("connection refused");
    }

    @Test
    void whenAllAreSilentTheQuestionFails() {
        west.down(true);
        east.down(true);

        assertThatThrownBy(() -> both.instant("up", Instant.EPOCH))
                .isInstanceOf(QueryException.class)
                .hasMessage("connection refused");
    }

    @Test
    void aPairThatHoldsTheSameClusterScoresItOnce() throws Exception {
        ScoreModel model = ConfigReader.parse("small.yml", SmallModel.TEXT, ScoreModel.class);
        Answers worse = SmallModel.healthy().nothing("disk").member("disk", "m1", 0.1);
        QuerySource pair = PrometheusSources.of(List.of(SmallModel.healthy(), worse));

        List<Score> scores = new Scorer(model).score(new Surveyor(model, pair).measure(Instant.EPOCH));

        assertThat(scores).hasSize(1);
        assertThat(scores.get(0).members()).hasSize(3);
        assertThat(scores.get(0).members().get(1).score()).hasValue(5);
    }

    @Test
    void oneSourceIsAskedDirectly() {
        assertThat(PrometheusSources.of(List.of(west))).isSameAs(west);
        assertThatThrownBy(() -> PrometheusSources.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
