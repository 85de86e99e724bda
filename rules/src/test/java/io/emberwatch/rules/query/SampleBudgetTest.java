package io.emberwatch.rules.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.flow.QueryException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SampleBudgetTest {
    private static final Instant AT = Instant.ofEpochSecond(600);
    private static final String TOO_MANY =
            "query processing would load too many samples into memory in query execution";

    private static QueryEngine engine(SampleBudget budget) {
        return new QueryEngine(FakeSource.of("m{a=\"1\"} 1x20", "m{a=\"2\"} 1x20"), EngineOptions.defaults(), budget);
    }

    @Test
    void aQueryThatNeedsMoreThanThereIsFailsInPrometheusWords() {
        SampleBudget budget = new SampleBudget(20);
        assertThatThrownBy(() -> engine(budget).instant("sum_over_time(m[10m])", AT))
                .isInstanceOf(QueryException.class)
                .hasMessage(TOO_MANY);
        assertThat(budget.held()).isZero();
    }

    @Test
    void nothingIsHeldOnceAQueryHasEnded() throws QueryException {
        SampleBudget budget = new SampleBudget(10_000);
        for (String query : new String[] {
            "m",
            "m[5m]",
            "1",
            "\"s\"",
            "sum by (a) (rate(m[5m]))",
            "m - m",
            "m and m",
            "m or m",
            "m unless m",
            "max_over_time(m[5m:1m])",
            "quantile(0.5, m)",
            "topk(1, m)",
            "histogram_quantile(0.9, m)",
            "absent(n)",
            "count_values(\"v\", m)",
            "label_replace(m, \"b\", \"$1\", \"a\", \"(.*)\")",
            "sort(m)",
            "scalar(m)"
        }) {
            engine(budget).instant(query, AT);
            assertThat(budget.held()).as(query).isZero();
        }
        engine(budget).range("sum(m) + m", Instant.EPOCH, AT, Duration.ofSeconds(30));
        assertThat(budget.held()).isZero();
        assertThatThrownBy(() -> engine(budget).instant("m * on () m", AT)).isInstanceOf(QueryException.class);
        assertThat(budget.held()).isZero();
    }

    @Test
    void whatOneQueryHoldsAnotherCannotHave() throws QueryException {
        SampleBudget budget = new SampleBudget(80);
        QueryEngine engine = engine(budget);
        try (SampleBudget.Share answer = budget.open()) {
            engine.prepare("m[20m]").instant(AT, QueryLimits.NONE.withShare(answer));
            assertThat(answer.samples()).isEqualTo(22);
            assertThatThrownBy(() -> engine.instant("m[20m]", AT)).hasMessage(TOO_MANY);
            assertThat(budget.held()).isEqualTo(22);
        }
        assertThat(budget.held()).isZero();
        engine.instant("m[20m]", AT);
    }
}
