package io.emberwatch.rules.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.Staleness;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryException.Kind;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.rules.query.FakeSource.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class QueryEngineTest {
    private static final Instant AT = Instant.ofEpochSecond(600);
    private static final Duration STEP = Duration.ofMinutes(1);

    private static QueryEngine engine(SeriesSource source) {
        return new QueryEngine(source, EngineOptions.defaults());
    }

    private static List<String> vector(QueryResult result) {
        return ((QueryValue.Vector) result.value())
                .samples().stream()
                        .map(sample -> sample.labels() + " " + sample.value())
                        .toList();
    }

    private static void assertFails(ThrowingCallable call, Kind kind, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        QueryException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessage(message);
    }

    @Test
    void instantResultsCarryTheTimeOfTheQuery() throws QueryException {
        QueryResult result = engine(FakeSource.of("up{job=\"a\"} 1x20")).instant("up", AT.plusMillis(1));
        assertThat(((QueryValue.Vector) result.value()).samples())
                .containsExactly(new Sample(SeriesNotationTest.labels("up{job=\"a\"}"), AT.toEpochMilli() + 1, 1));
    }

    @Test
    void scalarsAndStringsKeepTheirTypes() throws QueryException {
        QueryEngine engine = engine(FakeSource.of());
        assertThat(engine.instant("1 + 1", AT).value()).isEqualTo(new QueryValue.Scalar(600_000, 2));
        assertThat(engine.instant("(\"a\")", AT).value()).isEqualTo(new QueryValue.Text(600_000, "a"));
    }

    @Test
    void rangeResultsAreSortedAndHoldOnlyPointsThatAreThere() throws QueryException {
        QueryResult result = engine(FakeSource.of("m{a=\"2\"} 1 stale 3", "m{a=\"1\"} 4x3"))
                .range("m", Instant.EPOCH, Instant.ofEpochSecond(179), STEP);
        List<Series> series = ((QueryValue.Matrix) result.value()).series();
        assertThat(series).extracting(s -> s.labels().get("a")).containsExactly("1", "2");
        assertThat(series.get(0).timestampsMillis()).containsExactly(0, 60_000, 120_000);
        assertThat(series.get(1).timestampsMillis()).containsExactly(0, 120_000);
        assertThat(series.get(1).values()).containsExactly(1, 3);
    }

    @Test
    void scalarsAreRangesToo() throws QueryException {
        QueryResult result = engine(FakeSource.of()).range("time()", Instant.EPOCH, Instant.ofEpochSecond(120), STEP);
        List<Series> series = ((QueryValue.Matrix) result.value()).series();
        assertThat(series).hasSize(1);
        assertThat(series.get(0).values()).containsExactly(0, 60, 120);
    }

    @Test
    void ordinaryNanIsAValueAndAStaleMarkerIsNot() throws QueryException {
        assertThat(Double.doubleToRawLongBits(Staleness.STALE_NAN)).isEqualTo(Staleness.STALE_NAN_BITS);
        QueryEngine engine = engine(FakeSource.of("a NaN", "b stale"));
        assertThat(vector(engine.instant("{__name__=~\"a|b\"}", Instant.EPOCH))).containsExactly("a NaN");
    }

    @Test
    void wrongExpressionsAreRefusedAsTheParserWordsIt() {
        assertFails(
                () -> engine(FakeSource.of()).instant("up{", AT),
                Kind.BAD_DATA,
                "1:4: parse error: unexpected end of input inside braces");
        assertFails(
                () -> engine(FakeSource.of()).instant("info(up)", AT),
                Kind.BAD_DATA,
                "1:1: parse error: function \"info\" is not enabled");
    }

    @Test
    void whatIsExperimentalAndNotSupportedIsRefusedByName() throws QueryException {
        QueryEngine engine = new QueryEngine(
                FakeSource.of("m 1x20"), EngineOptions.defaults().withExperimental(true));
        assertFails(() -> engine.prepare("info(m)"), Kind.BAD_DATA, "function \"info\" is not supported");
        assertFails(
                () -> engine.prepare("rate(m[5m] anchored)"),
                Kind.BAD_DATA,
                "anchored modifier is experimental and not supported");
        assertThat(vector(engine.instant("mad_over_time(m[5m])", AT))).containsExactly("{} 0.0");
    }

    @Test
    void rangesMustBeVectorsOrScalars() {
        assertFails(
                () -> engine(FakeSource.of()).range("up[5m]", AT, AT, STEP),
                Kind.BAD_DATA,
                "invalid expression type \"range vector\" for range query, must be Scalar or instant Vector");
        assertFails(
                () -> engine(FakeSource.of()).range("\"a\"", AT, AT, STEP),
                Kind.BAD_DATA,
                "invalid expression type \"string\" for range query, must be Scalar or instant Vector");
    }

    @Test
    void rangesMustBeOrderedAndNotTooFine() throws QueryException {
        QueryEngine engine = engine(FakeSource.of());
        assertFails(
                () -> engine.range("1", AT, AT.minusSeconds(1), STEP),
                Kind.BAD_DATA,
                "end timestamp must not be before start time");
        assertFails(
                () -> engine.range("1", AT, AT, Duration.ZERO),
                Kind.BAD_DATA,
                "zero or negative query resolution step widths are not accepted. Try a positive integer");
        assertFails(
                () -> engine.range("1", Instant.EPOCH, Instant.ofEpochSecond(11_000), Duration.ofSeconds(1)),
                Kind.BAD_DATA,
                "exceeded maximum resolution of 11000 points per timeseries. Try decreasing the query resolution (?step=XX)");
        assertThat(engine.range("1", Instant.EPOCH, Instant.ofEpochSecond(10_999), Duration.ofSeconds(1))
                        .value())
                .isNotNull();
    }

    @Test
    void samplesAreLimited() throws QueryException {
        SeriesSource source = FakeSource.of("m{a=\"1\"} 1x100", "m{a=\"2\"} 1x100");
        QueryEngine engine = new QueryEngine(source, EngineOptions.defaults().withMaxSamples(50));
        String message = "query processing would load too many samples into memory in query execution";
        assertThat(vector(engine.instant("sum(m)", AT))).containsExactly("{} 2.0");
        assertFails(() -> engine.range("m", Instant.EPOCH, AT.plusSeconds(3600), STEP), Kind.EXECUTION, message);
        assertFails(() -> engine.instant("rate(m[2h])", AT), Kind.EXECUTION, message);
        assertFails(() -> engine.instant("sum_over_time(vector(1)[1h:1s])", AT), Kind.EXECUTION, message);
        assertFails(() -> engine.instant("sum_over_time(vector(1)[100y:1ms])", AT), Kind.EXECUTION, message);
    }

    @Test
    void queriesThatTakeTooLongOrAreNotWantedStop() throws QueryException {
        PreparedQuery query = engine(FakeSource.of("m 1x20")).prepare("sum(m)");
        assertFails(
                () -> query.instant(AT, QueryLimits.NONE.withTimeout(Duration.ZERO)),
                Kind.TIMEOUT,
                "query timed out in expression evaluation");
        assertFails(
                () -> query.instant(AT, QueryLimits.NONE.withCancellation(() -> true)),
                Kind.CANCELED,
                "query was canceled in expression evaluation");
        assertThat(vector(query.instant(AT, QueryLimits.NONE))).containsExactly("{} 1.0");
    }

    @Test
    void lookbackMayBeSetPerQuery() throws QueryException {
        PreparedQuery query = engine(FakeSource.of("m 1")).prepare("m");
        assertThat(vector(query.instant(AT, QueryLimits.NONE))).isEmpty();
        assertThat(vector(query.instant(AT, QueryLimits.NONE.withLookback(Duration.ofHours(1)))))
                .containsExactly("m 1.0");
    }

    @Test
    void sourceIsAskedForWhatIsNeededAndOnlyOnce() throws QueryException {
        FakeSource source = FakeSource.of("m 1x20");
        QueryEngine engine = engine(source);
        engine.instant("m / m", AT);
        engine.instant("rate(m[5m] offset 1m)", AT);
        engine.range("m", AT, AT.plusSeconds(120), STEP);
        List<Matcher> matchers = List.of(Matcher.equal("__name__", "m"));
        assertThat(source.questions())
                .containsExactly(
                        new Question(matchers, 300_001, 600_000, true),
                        new Question(matchers, 240_001, 540_000, false),
                        new Question(matchers, 300_001, 720_000, false));
    }

    @Test
    void preparedQueriesFollowTheSeries() throws QueryException {
        FakeSource source = FakeSource.of("m{g=\"a\",i=\"1\"} 1x20", "m{g=\"a\",i=\"2\"} 2x20", "n{i=\"1\"} 10x20");
        QueryEngine engine = engine(source);
        PreparedQuery sum = engine.prepare("sum by (g) (m)");
        PreparedQuery join = engine.prepare("m * on (i) group_left n");
        PreparedQuery union = engine.prepare("m or n");
        PreparedQuery rename = engine.prepare("label_replace(m, \"h\", \"$1\", \"g\", \"(.*)\") + 0");
        for (int i = 0; i < 2; i++) {
            assertThat(vector(sum.instant(AT, QueryLimits.NONE))).containsExactly("{g=\"a\"} 3.0");
            assertThat(vector(join.instant(AT, QueryLimits.NONE))).containsExactly("{g=\"a\", i=\"1\"} 10.0");
        }
        union.instant(AT, QueryLimits.NONE);
        rename.instant(AT, QueryLimits.NONE);
        source.removeFirst();
        source.add("m{g=\"b\",i=\"1\"} 5x20");
        assertThat(vector(sum.instant(AT, QueryLimits.NONE)))
                .containsExactlyInAnyOrder("{g=\"a\"} 2.0", "{g=\"b\"} 5.0");
        assertThat(vector(join.instant(AT, QueryLimits.NONE))).containsExactly("{g=\"b\", i=\"1\"} 50.0");
        assertThat(vector(union.instant(AT, QueryLimits.NONE))).hasSize(3);
        assertThat(vector(rename.instant(AT, QueryLimits.NONE)))
                .containsExactlyInAnyOrder("{g=\"a\", h=\"a\", i=\"2\"} 2.0", "{g=\"b\", h=\"b\", i=\"1\"} 5.0");
    }

    @Test
    void namesAreLostAtOnceUnlessDelayed() throws QueryException {
        SeriesSource source = FakeSource.of("a_total{x=\"1\"} 0+60x20", "b_total{x=\"1\"} 0+120x20");
        String expression = "sum(rate({__name__=~\".*_total\"}[5m]))";
        assertFails(
                () -> engine(source).instant(expression, AT),
                Kind.EXECUTION,
                "vector cannot contain metrics with the same labelset");
        QueryEngine delayed = new QueryEngine(source, EngineOptions.defaults().withDelayedNameRemoval(true));
        assertThat(vector(delayed.instant(expression, AT))).containsExactly("{} 3.0");
    }

    @Test
    void metadataGoesWithTheName() throws QueryException {
        QueryEngine engine = engine(FakeSource.of("a{__type__=\"gauge\",__unit__=\"s\",x=\"1\"} 1x20"));
        assertThat(vector(engine.instant("a * 2", AT))).containsExactly("{x=\"1\"} 2.0");
        assertThat(vector(engine.instant("a + a", AT))).containsExactly("{x=\"1\"} 2.0");
    }

    @Test
    void annotationsAreCappedAndSayWhere() throws QueryException {
        FakeSource source = FakeSource.of();
        for (int i = 0; i < 15; i++) {
            source.add("m" + (char) ('a' + i) + " 0+1x20");
        }
        QueryResult result = new QueryEngine(source, EngineOptions.defaults().withDelayedNameRemoval(true))
                .instant("count(\n  rate({__name__=~\"m.\"}[5m]))", AT);
        assertThat(result.warnings())
                .hasSize(11)
                .startsWith("PromQL info: metric might not be a counter, name does not end in"
                        + " _total/_sum/_count/_bucket: \"ma\" (2:8)")
                .endsWith("PromQL info: 5 more info annotations omitted");
    }

    @Test
    void parsedExpressionsCanBePrepared() throws QueryException, SyntaxException {
        QueryEngine engine = engine(FakeSource.of("m{a=\"x\"} 1x20"));
        PreparedQuery query = engine.prepare(Promql.parse("sum(m {a = 'x'})"));
        assertThat(query.expr()).hasToString("sum(m{a=\"x\"})");
        assertThat(vector(query.instant(AT, QueryLimits.NONE))).containsExactly("{} 1.0");
    }
}
