package io.emberwatch.rules.query;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrinterTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    up                                       | up
                    up{}                                     | up
                    {__name__="up"}                          | {__name__="up"}
                    up{b='1',a!="2",}                        | up{a!="2",b="1"}
                    {"a.b", "c d"="e"}                       | {"c d"="e",__name__="a.b"}
                    SUM(x)                                   | sum(x)
                    sum(x)by(a,b)                            | sum by (a, b) (x)
                    sum without()(x)                         | sum without () (x)
                    sum by (`a b`) (x)                       | sum by ("a b") (x)
                    topk(5,x)                                | topk(5, x)
                    a+on(x)group_left(y)b                    | a + on (x) group_left (y) b
                    a+on()b                                  | a + on () b
                    a+ignoring()b                            | a + b
                    a+ignoring()group_right b                | a + ignoring () group_right () b
                    a==bool 1                                | a == bool 1
                    a AND b OR c                             | a and b or c
                    -a^2                                     | -a ^ 2
                    - 1                                      | -1
                    (a)                                      | (a)
                    x[300]                                   | x[5m]
                    x[90m]                                   | x[1h30m]
                    x[1w]                                    | x[1w]
                    x[8d]                                    | x[8d]
                    x[365d]                                  | x[1y]
                    x[1h:]                                   | x[1h:]
                    x[1h:60]                                 | x[1h:1m]
                    x[5m]offset 60                           | x[5m] offset 1m
                    x offset -1m                             | x offset -1m
                    x offset 0                               | x
                    x offset 1m @ 5                          | x @ 5.000 offset 1m
                    x @ 1.2345                               | x @ 1.235
                    x @ start()                              | x @ start()
                    x[5m] @ start()                          | x[5m] @ start()
                    x[5m:] @ end() offset 5m                 | x[5m:] @ end() offset 5m
                    x[2*(1m+step())]                         | x[2 * (1m + step())]
                    x[(5m)]                                  | x[5m]
                    x offset -min_of(5s, step())             | x offset -min_of(5s, step())
                    x offset -(1m*2)                         | x offset -(1m * 2)
                    1e21                                     | 1000000000000000000000
                    5m                                       | 5m
                    "a\\tb\\u00e4\\xff"                      | "a\\tbä\\xff"
                    rate(x[5m] smoothed)                     | rate(x[5m] smoothed)
                    x anchored                               | x anchored
                    a + fill(1) b                            | a + fill (1) b
                    a + on (x) fill_left(1) fill_right(2) b  | a + on (x) fill_left (1) fill_right (2) b
                    a </ 5                                   | a </ 5
                    """)
    void printsTheCanonicalForm(String text, String canonical) throws SyntaxException {
        Expr expr = Promql.parse(text, true);
        assertThat(expr).hasToString(canonical);
        assertThat(Promql.parse(canonical, true)).hasToString(canonical);
    }

    @Test
    void shortExpressionsArePrettyOnOneLine() throws SyntaxException {
        assertThat(Promql.parse("sum(x)by(a)").pretty()).isEqualTo("sum by (a) (x)");
    }

    @Test
    void longExpressionsAreSplitBetweenArgumentsAndOperands() throws SyntaxException {
        String text = "sum(rate(http_request_duration_seconds_count{job=\"api\",code=~\"5..\"}[5m]))by(job) / on(job)"
                + " group_left topk(3,-abs((sum by(job)(rate(http_server_request_duration_seconds_count{job=\"api\"}[5m])) + 1000)))";
        assertThat(Promql.parse(text).pretty()).isEqualTo("""
                          sum by (job) (rate(http_request_duration_seconds_count{code=~"5..",job="api"}[5m]))
                        / on (job) group_left ()
                          topk(
                            3,
                            -abs((sum by (job) (rate(http_server_request_duration_seconds_count{job="api"}[5m])) + 1000))
                          )""");
    }

    @Test
    void longSignedOperandFollowsItsSign() throws SyntaxException {
        String name = "a_metric_with_a_name_of_more_than_fifty_letters_in_all";
        assertThat(Promql.parse("-" + name + " ^ " + name).pretty()).isEqualTo("-" + name + "\n^\n  " + name);
    }

    @Test
    void longParenthesesAndSubqueriesAreSplit() throws SyntaxException {
        String name = "a_metric_with_a_name_of_more_than_fifty_letters_in_all";
        assertThat(Promql.parse("(" + name + " or " + name + ")[1h:] offset 5m").pretty())
                .isEqualTo("(\n    " + name + "\n  or\n    " + name + "\n)[1h:] offset 5m");
    }
}
