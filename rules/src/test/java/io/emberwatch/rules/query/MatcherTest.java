package io.emberwatch.rules.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import org.junit.jupiter.api.Test;

class MatcherTest {
    @Test
    void absentLabelsAreEmpty() {
        assertThat(Matcher.equal("a", "").matches(Labels.EMPTY)).isTrue();
        assertThat(Matcher.of(Matcher.Type.NEQ, "a", "b").matches(Labels.EMPTY)).isTrue();
        assertThat(Matcher.of(Matcher.Type.RE, "a", ".*").matches(Labels.EMPTY)).isTrue();
        assertThat(Matcher.of(Matcher.Type.RE, "a", ".+").matches(Labels.EMPTY)).isFalse();
    }

    @Test
    void expressionsMatchWholeValuesWithLineBreaks() {
        Matcher matcher = Matcher.of(Matcher.Type.RE, "a", "x|y.z");
        assertThat(matcher.matches("x")).isTrue();
        assertThat(matcher.matches("y\nz")).isTrue();
        assertThat(matcher.matches("xx")).isFalse();
        assertThat(Matcher.of(Matcher.Type.NRE, "a", "x").matches("xx")).isTrue();
    }

    @Test
    void unbalancedExpressionsCannotHideInTheirAnchors() {
        assertThatThrownBy(() -> Matcher.of(Matcher.Type.RE, "a", "x)|(y"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("error parsing regexp: unexpected ): `x)|(y`");
    }

    @Test
    void hostileExpressionsTakeLinearTime() {
        Matcher matcher = Matcher.of(Matcher.Type.RE, "a", "(a*)*(a*)*b");
        assertThat(matcher.matches("a".repeat(10_000))).isFalse();
    }

    @Test
    void printsAsWritten() {
        assertThat(Matcher.of(Matcher.Type.NRE, "a.b", "x\"y")).hasToString("\"a.b\"!~\"x\\\"y\"");
        assertThat(Matcher.equal("a", "b"))
                .isEqualTo(Matcher.of(Matcher.Type.EQ, "a", "b"))
                .hasSameHashCodeAs(Matcher.of(Matcher.Type.EQ, "a", "b"))
                .isNotEqualTo(Matcher.of(Matcher.Type.NEQ, "a", "b"));
    }
}
