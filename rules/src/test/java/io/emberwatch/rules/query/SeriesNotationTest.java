package io.emberwatch.rules.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import io.emberwatch.model.Staleness;
import io.emberwatch.rules.query.SeriesNotation.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesNotationTest {
    static Labels labels(String text) {
        try {
            return SeriesNotation.parseLabels(text);
        } catch (SyntaxException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static String shown(String values) throws SyntaxException {
        Row row = SeriesNotation.parse("m " + values);
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < row.values().length; i++) {
            double value = row.values()[i];
            String text = Staleness.isStale(value) ? "stale" : GoText.general(value);
            shown.append(i == 0 ? "" : " ")
                    .append(
                            row.histogramSteps().get(i)
                                    ? "histogram"
                                    : row.present().get(i) ? text : "_");
        }
        return shown.toString();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    1 2.5 -3              | 1 2.5 -3
                    0+10x3                | 0 10 20 30
                    10-5x2                | 10 5 0
                    -1+1x2                | -1 0 1
                    -2-3x1                | -2 -5
                    7x2                   | 7 7 7
                    1x0                   | 1
                    _                     | _
                    1 _ _x2 2             | 1 _ _ _ 2
                    stale stalex1         | stale stale stale
                    NaN Inf -Inf +inf     | NaN +Inf -Inf +Inf
                    Infx1 -Infx1          | +Inf +Inf -Inf -Inf
                    0+NaNx1               | 0 NaN
                    1e3 .5 1_000          | 1000 0.5 1000
                    010                   | 8
                    {{schema:0 sum:1}} 2  | histogram 2
                    {{count:1}}x1         | histogram histogram
                    {{count:1}}+{{sum:2}}x1 1 | histogram histogram 1
                    """)
    void readsValues(String values, String expected) throws SyntaxException {
        assertThat(shown(values)).isEqualTo(expected);
    }

    @Test
    void readsLabels() throws SyntaxException {
        assertThat(SeriesNotation.parse("up{job=\"a }\", b='c'} 1").labels())
                .isEqualTo(Labels.of("__name__", "up", "job", "a }", "b", "c"));
        assertThat(SeriesNotation.parse("{\"my.name\", \"x y\"=\"z\"} 1").labels())
                .isEqualTo(Labels.of("__name__", "my.name", "x y", "z"));
        assertThat(SeriesNotation.parse("{} 1").labels()).isEqualTo(Labels.EMPTY);
        assertThat(SeriesNotation.parse("a:b_c").values()).isEmpty();
    }

    @Test
    void makesSeriesWithoutWhatIsNotThere() throws SyntaxException {
        Series series = SeriesNotation.parse("m 1 _ 3").toSeries(1_000, 500);
        assertThat(series.timestampsMillis()).containsExactly(1_000, 2_000);
        assertThat(series.values()).containsExactly(1, 3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "m{a} 1",
                "m{a=1} 1",
                "m{a=\"1\" 1",
                "m 1x",
                "m 1+2",
                "m 1x99999999999",
                "m what",
                "m 1,2",
                "m {{count:1",
                "m 1..2",
                "m{a=\"1\"}1",
                "m 1 + 2",
                "m {1}",
                "m 0+1x10000000"
            })
    void refusesWhatIsNotTheNotation(String line) {
        assertThatThrownBy(() -> SeriesNotation.parse(line)).isInstanceOf(SyntaxException.class);
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> SeriesNotation.parse("m 1 what"))
                .hasMessage("1:5: parse error: unexpected \"what\" in series values, expected number or \"stale\"");
        assertThatThrownBy(() -> SeriesNotation.parseLabels("m{a}"))
                .hasMessage("1:4: parse error: unexpected \"}\" in label set, expected \"=\"");
    }

    @Test
    void readsStrings() throws SyntaxException {
        assertThat(SeriesNotation.parseString("\"a\\n\"")).isEqualTo("a\n");
        assertThatThrownBy(() -> SeriesNotation.parseString("1")).isInstanceOf(SyntaxException.class);
    }
}
