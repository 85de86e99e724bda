package io.emberwatch.rules.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.flow.QueryException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParserTest {
    private static String message(String text) {
        try {
            Expr expr = Promql.parse(text);
            return "no error: " + expr;
        } catch (SyntaxException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static List<String> faults(String text) {
        try {
            Promql.parse(text);
            return List.of();
        } catch (SyntaxException e) {
            return e.faults().stream()
                    .map(f -> f.span().start() + "-" + f.span().end() + " " + f.message())
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    up{job="a"             | 1:11: parse error: unexpected end of input inside braces
                    sum(up) by             | 1:11: parse error: unexpected end of input in grouping opts, expected "("
                    sum by (a b) (up)      | 1:11: parse error: unexpected identifier "b" in grouping opts, expected "," or ")"
                    sum by (1) (up)        | 1:9: parse error: unexpected number "1" in grouping opts, expected label
                    up offset              | 1:10: parse error: unexpected end of input in offset, expected number, duration, step(), or range()
                    up @                   | 1:5: parse error: unexpected end of input in @, expected timestamp
                    up @ foo               | 1:6: parse error: unexpected identifier "foo" in @, expected timestamp
                    up[5m                  | 1:6: parse error: unclosed left bracket
                    up[5m 5m]              | 1:7: parse error: unexpected duration "5m" in subquery or range, expected ":" or "]"
                    up[5m:1m 1m]           | 1:10: parse error: unexpected duration "1m" in subquery selector, expected "]"
                    up[5m:+]               | 1:8: parse error: unexpected "]" in subquery selector, expected number, duration, step(), range(), or "]"
                    up offset 5m offset 5m | 1:1: parse error: offset may not be set multiple times
                    up @ 1 @ 2             | 1:1: parse error: @ <timestamp> may not be set multiple times
                    (up) @ 1               | 1:1: parse error: @ modifier must be preceded by an instant vector selector or range vector selector or a subquery
                    nope(up)               | 1:1: parse error: unknown function with name "nope"
                    rate(up, up)           | 1:1: parse error: expected 1 argument(s) in call to "rate", got 2
                    round(up, 1, 2)        | 1:1: parse error: expected at most 2 argument(s) in call to "round", got 3
                    label_join(up)         | 1:1: parse error: expected at least 3 argument(s) in call to "label_join", got 1
                    sum(1)                 | 1:5: parse error: expected type instant vector in aggregation expression, got scalar
                    topk("a", up)          | 1:6: parse error: expected type scalar in aggregation parameter, got string
                    1 > 2                  | 1:3: parse error: comparisons between scalars must use BOOL modifier
                    up + on(a) group_left(a) up | 1:4: parse error: label "a" must not occur in ON and GROUP clause at once
                    up[5m] + 1             | 1:1: parse error: binary expression must contain only scalar and instant vector types
                    "a" + 1                | 1:1: parse error: binary expression must contain only scalar and instant vector types
                    a{__name__="b"}        | 1:1: parse error: metric name must not be set twice: "a" or "b"
                    up{a=~"("}             | 1:4: parse error: error parsing regexp: missing closing ): `(`
                    up{a=~"(?!b)"}         | 1:4: parse error: error parsing regexp: invalid or unsupported Perl syntax: `(?!`
                    up{a="\\q"}            | 1:6: parse error: unknown escape sequence U+0071 'q'
                    1.5h                   | 1:1: parse error: not a valid duration string: "1.5h"
                    1h1d                   | 1:1: parse error: not a valid duration string: "1h1d"
                    up =~ up               | 1:4: parse error: unexpected character after '=': '~'
                    up ? 1                 | 1:4: parse error: unexpected character: '?'
                    up !                   | 1:4: parse error: unexpected character after '!': '�'
                    nope(up))              | 1:1: parse error: unknown function with name "nope"
                    nope(up,)              | 1:8: parse error: trailing commas not allowed in function call args
                    nope(up up)            | 1:9: parse error: unexpected identifier "up"
                    nope(up                | 1:8: parse error: unclosed left parenthesis
                    1 offset 5m ?          | 1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery
                    up @ 1 [5m]            | 1:8: parse error: no @ modifiers allowed before range
                    up @ end() [5m]        | 1:12: parse error: no @ modifiers allowed before range
                    up offset 1m [5m]      | 1:14: parse error: no offset modifiers allowed before range
                    """)
    void saysWhatIsWrongAndWhere(String text, String expected) {
        assertThat(message(text)).isEqualTo(expected);
    }

    @Test
    void positionsAreCountedInBytesAndLines() {
        assertThat(message("up{a=\"äöü\"} ? 1")).startsWith("1:16: parse error");
        assertThat(message("up +\n\n  ? 1")).startsWith("3:3: parse error");
        assertThat(message("up # ? comment\n + ?")).startsWith("2:4: parse error");
    }

    @Test
    void strayQuoteInsideOtherQuotesIsNotEscaped() {
        assertThat(message("\"\\'\"")).isEqualTo("1:1: parse error: unknown escape sequence U+0027 '''");
        assertThat(message("\"a\nb\"")).isEqualTo("1:1: parse error: unterminated quoted string");
        assertThat(message("'\\''")).isEqualTo("no error: \"'\"");
        assertThat(message("`a\\n`")).isEqualTo("no error: \"a\\\\n\"");
    }

    @Test
    void errorsInOnePlaceDoNotHideThoseInAnother() {
        assertThat(faults("nope(up) + nada(up)"))
                .containsExactly(
                        "0-4 unknown function with name \"nope\"", "11-15 unknown function with name \"nada\"");
        assertThat(faults("up{a, b=} + 1"))
                .containsExactly(
                        "4-5 unexpected \",\" in label matching, expected label matching operator",
                        "8-9 unexpected \"}\" in label matching, expected string");
        assertThat(faults("sum(up up) + }"))
                .containsExactly("7-9 unexpected identifier \"up\" in aggregation", "13-14 unexpected character: '}'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    info(up)             | 1:1: parse error: function "info" is not enabled
                    limitk(1, up)        | 1:1: parse error: limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions
                    rate(up[5m] smoothed)| 1:6: parse error: smoothed modifier is experimental and not enabled
                    up anchored          | 1:1: parse error: anchored modifier is experimental and not enabled
                    up + fill(0) up      | 1:1: parse error: binop fill modifiers are experimental and not enabled
                    start()              | 1:1: parse error: function "start" is not enabled
                    """)
    void refusesExperimentalFeaturesByName(String text, String expected) throws SyntaxException {
        assertThat(message(text)).isEqualTo(expected);
        assertThat(Promql.parse(text, true)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum",
                "by",
                "offset",
                "start",
                "fill",
                "and",
                "min_of",
                "avg{offset=\"1\"}",
                "on + ignoring_",
                "a:b:c",
                ":x",
                "bool_",
                "inf_",
                "group_left_"
            })
    void keywordsMayBeNames(String text) {
        if (text.startsWith("on ")) {
            assertThat(message(text)).isEqualTo("1:1: parse error: unexpected <on>");
        } else {
            assertThat(message(text)).startsWith("no error");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0x1F          | 31
                    0xfe          | 254
                    0755          | 493
                    0899          | 899
                    1_000_000     | 1000000
                    .5            | 0.5
                    5.            | 5
                    1e3           | 1000
                    inF           | +Inf
                    nan           | NaN
                    1h30m         | 1h30m
                    -0            | -0
                    """)
    void readsNumbersAsGoDoes(String text, String canonical) {
        assertThat(message(text)).isEqualTo("no error: " + canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1d1", "0x1p3", "1f", "1__0", "1_", "1e", "0x", "1..2", "12h_"})
    void refusesWhatOnlyJavaReadsAsNumbers(String text) {
        assertThat(message(text)).startsWith("1:1: parse error");
    }

    @ParameterizedTest
    @CsvSource({
        "'(', 200",
        "'-', 200",
        "'abs(', 200",
        "'sum by (a) (', 200",
        "'x[(', 200",
        "'x + ', 500",
        "'x ^ ', 200",
        "'x[1 + ', 500"
    })
    void nestingIsBounded(String start, int levels) {
        String text = start.startsWith("x[") ? start + start.substring(2).repeat(50_000) : start.repeat(50_000);
        assertThat(message(text + "x")).endsWith("expression is nested deeper than " + levels + " levels");
    }

    @Test
    void rangesOfRangesAreBounded() {
        assertThat(message("x" + "[1m:]".repeat(100_000))).endsWith("nested deeper than 500 levels");
        assertThat(message("x" + " offset 1m".repeat(1_000))).contains("offset may not be set multiple times");
    }

    @Test
    void expressionsUpToTheBoundNeedLittleStack() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(null, () -> evaluateAtTheBound(thrown), "small", 512 * 1024);
        thread.start();
        thread.join();
        assertThat(thrown.get()).isNull();
    }

    private static void evaluateAtTheBound(AtomicReference<Throwable> thrown) {
        QueryEngine engine = new QueryEngine((matchers, mint, maxt) -> List.of(), EngineOptions.defaults());
        int nesting = Parser.MAX_NESTING - 1;
        try {
            for (String text : List.of(
                    "x" + " or x".repeat(Parser.MAX_DEPTH - 1),
                    "x" + " + x".repeat(Parser.MAX_DEPTH - 1),
                    "abs(".repeat(nesting) + "x" + ")".repeat(nesting),
                    "sum(".repeat(nesting) + "x" + ")".repeat(nesting),
                    "-".repeat(nesting) + "x")) {
                engine.range(text, Instant.EPOCH, Instant.ofEpochSecond(60), Duration.ofSeconds(30));
                assertThat(Promql.parse(text).toString()).hasSizeGreaterThan(100);
            }
        } catch (QueryException | SyntaxException | StackOverflowError e) {
            thrown.set(e);
        }
    }

    @Test
    void lengthIsBounded() {
        assertThat(message("x" + " ".repeat(Parser.MAX_LENGTH)))
                .isEqualTo("1:1: parse error: expression is longer than 1048576 bytes");
    }

    @Test
    void selectorsAreReadAlone() throws SyntaxException {
        assertThat(Promql.parseSelector("up{job=\"a\", x!~\"b\"}"))
                .containsExactly(
                        Matcher.equal("job", "a"),
                        Matcher.of(Matcher.Type.NRE, "x", "b"),
                        Matcher.equal("__name__", "up"));
        assertThatThrownBy(() -> Promql.parseSelector("up + 1"))
                .isInstanceOf(SyntaxException.class)
                .hasMessage("1:4: parse error: unexpected <op:+>");
        assertThatThrownBy(() -> Promql.parseSelector("rate(up[5m])")).isInstanceOf(SyntaxException.class);
    }

    @Test
    void selectorsOfAnExpressionAreListed() throws SyntaxException {
        assertThat(Promql.parse("sum(rate(a[5m])) / on () max_over_time(b[1h:1m]) > scalar(c)")
                        .selectors())
                .extracting(Expr.VectorSelector::name)
                .containsExactly("a", "b", "c");
    }
}
