package io.emberwatch.rules.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Series;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.Promql;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.SeriesNotation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ExplainerTest {
    private static final Instant AT = Instant.ofEpochSecond(3600);

    private final QueryEngine engine = new QueryEngine(
            (matchers, from, to) -> series().stream()
                    .filter(series -> matchers.stream().allMatch(matcher -> matcher.matches(series.labels())))
                    .toList(),
            EngineOptions.defaults());

    private static List<Series> series() {
        List<Series> series = new ArrayList<>();
        try {
            for (String line : List.of(
                    "http_requests_total{job=\"api\",code=\"200\"} 0+60x60",
                    "http_requests_total{job=\"api\",code=\"404\"} 0+6x60",
                    "http_requests_total{job=\"web\",code=\"200\"} 0+6x60",
                    "up{job=\"api\",instance=\"a:1\"} 1x60",
                    "up{job=\"web\",instance=\"b:1\"} 1x60",
                    "limits{job=\"api\"} 5x60",
                    "limits{job=\"batch\"} 7x60",
                    "old_metric 1x20",
                    "ended 1x58 stale")) {
                series.add(SeriesNotation.parse(line).toSeries(0, 60_000));
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return series;
    }

    private String tree(String query) throws Exception {
        return new Explainer(engine, AT).explain(Promql.parse(query)).tree();
    }

    @Test
    void showsEveryPartWithWhatItGave() throws Exception {
        assertThat(tree("sum by (job) (rate(http_requests_total{code=\"200\"}[5m])) > 0.5"))
                .isEqualTo("""
                sum by (job) (rate(http_requests_total{code="200"}[5m])) > 0.5  → 1 series: {job="api"} 1
                │  > holds for 1 of 2, which go from 0.1 to 1
                └─ sum by (job) (rate(http_requests_total{code="200"}[5m]))  → 2 series
                   └─ rate(http_requests_total{code="200"}[5m])  → 2 series
                      └─ http_requests_total{code="200"}[5m]  → 2 series of 5 samples
                """);
    }

    @Test
    void namesTheMetricThatMayBeMeant() throws Exception {
        assertThat(tree("http_request_total")).isEqualTo("""
                http_request_total  → nothing
                   there is no metric http_request_total; similar: http_requests_total
                """);
        assertThat(tree("nonsense")).contains("there is no metric nonsense, nor one with a similar name");
    }

    @Test
    void namesTheLabelThatNeverMatches() throws Exception {
        assertThat(tree("http_requests_total{job=\"api\",code=\"500\"}"))
                .contains("no series has code=\"500\"; code is \"200\", \"404\"");
        assertThat(tree("up{code=\"500\"}")).contains("its series have no label code");
        assertThat(tree("up{job=\"api\",instance=\"b:1\"}"))
                .contains("no series has instance=\"b:1\"; instance is \"a:1\"")
                .contains("no series has job=\"api\"; job is \"web\"");
    }

    @Test
    void tellsEndedSeriesFromOldOnes() throws Exception {
        assertThat(tree("old_metric")).contains("its newest sample is 40m old");
        assertThat(tree("ended")).contains("its series have ended: a stale marker");
    }

    @Test
    void tellsTooShortRanges() throws Exception {
        assertThat(tree("rate(up[1m])")).contains("rate needs two samples of a series");
        assertThat(tree("sum_over_time(up[30s] offset 10s)")).contains("shorter than the time between two");
    }

    @Test
    void tellsWhichSeriesMeet() throws Exception {
        assertThat(tree("up / on (job) limits")).contains("""
                │  series meet on (job): 1 of 2 left, 1 of 2 right
                │  left {job="web"} has no partner; the nearest, {job="api"}, differs in job
                """);
        assertThat(tree("up / limits"))
                .contains("series meet on all their labels: 0 of 2 left, 0 of 2 right")
                .contains(
                        "left {instance=\"a:1\", job=\"api\"} has no partner; the nearest, {job=\"api\"}, differs in instance");
        assertThat(tree("up * on () limits")).contains("→ error: found duplicate series for the match group");
    }

    @Test
    void findsSelectorsThatReachNothing() throws Exception {
        RuleReach reach = new RuleReach(engine, AT, Duration.ofHours(1), Set.of("job:recorded"));
        assertThat(reach.unreached(Promql.parse("job:recorded > 1 and on () old_metric")))
                .isEmpty();
        assertThat(reach.unreached(Promql.parse("absent(upp) or absent_over_time(upp[1h])")))
                .isEmpty();
        assertThat(reach.unreached(Promql.parse("rate(http_requests_total{code=\"500\"}[5m]) > 0 unless upp")))
                .containsExactly(
                        "http_requests_total{code=\"500\"}: no series has code=\"500\"; code is \"200\", \"404\"",
                        "upp: there is no metric upp; similar: up");
    }
}
