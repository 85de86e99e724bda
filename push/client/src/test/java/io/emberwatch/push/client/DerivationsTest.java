package io.emberwatch.push.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.line.FieldValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sequences are those by which the O2 Monitoring library tests itself. */
final class DerivationsTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    private final Derivations derivations = new Derivations();

    @Test
    void aRateIsTheChangeForEachSecond() {
        assertThat(derived(Derivation.RATE, "value_rate", 10, 20, 30, 50, 60, 65, 70, 80, 90))
                .containsExactly(0.0, 10.0, 10.0, 20.0, 10.0, 5.0, 5.0, 10.0, 10.0);
    }

    @Test
    void aRateOfFractionsKeepsItsDigits() {
        List<Double> rates = derived(Derivation.RATE, "value_rate", 1.2, 11.2, 21.2, 41.2, 51.2, 61);
        for (int i = 0; i < rates.size(); i++) {
            assertThat(rates.get(i))
                    .isCloseTo(List.of(0.0, 10.0, 10.0, 20.0, 10.0, 9.8).get(i), within());
        }
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-9);
    }

    @Test
    void aSourceThatBeginsAnewHasNoNegativeRate() {
        assertThat(derived(Derivation.RATE, "value_rate", 40, 50, 0, 10)).containsExactly(0.0, 10.0, 0.0, 10.0);
    }

    @Test
    void whatFallsHasANegativeRate() {
        assertThat(derived(Derivation.RATE, "value_rate", 50, 40)).containsExactly(0.0, -10.0);
    }

    @Test
    void twoAtOneMomentHaveNoRate() {
        Metric metric = metric(1);
        derivations.apply(metric, Derivation.RATE, START);
        assertThat(derivations
                        .apply(metric, Derivation.RATE, START)
                        .orElseThrow()
                        .fields())
                .containsOnlyKeys("value");
    }

    @Test
    void anIncrementIsTheSumSoFar() {
        assertThat(derived(Derivation.INCREMENT, "value_increment", 10, 20, 30)).containsExactly(10.0, 30.0, 60.0);
    }

    @Test
    void anAverageIsOfTheLastHundred() {
        double[] values = new double[Derivations.AVERAGED + 1];
        values[0] = 1e9;
        List<Double> averages = derived(Derivation.AVERAGE, "value_average", values);
        assertThat(averages.get(1)).isEqualTo(5e8);
        assertThat(averages.get(Derivations.AVERAGED)).isZero();
    }

    @Test
    void whatDoesNotChangeIsSentEveryFiveMinutes() {
        List<Integer> sent = new ArrayList<>();
        for (int second = 0; second <= 601; second++) {
            if (derivations
                    .apply(metric(7), Derivation.SUPPRESS, START.plusSeconds(second))
                    .isPresent()) {
                sent.add(second);
            }
        }
        assertThat(sent).containsExactly(0, 300, 600);
    }

    @Test
    void seriesWhoseTagsRunTogetherAreToldApart() {
        derivations.apply(tagged("1", "23"), Derivation.RATE, START);
        Metric other = derivations
                .apply(tagged("12", "3"), Derivation.RATE, START.plusSeconds(1))
                .orElseThrow();
        assertThat(other.fields().get("value_rate")).isEqualTo(new FieldValue.FloatValue(0));
    }

    @Test
    void theFirstNumberIsTaken() {
        Metric metric = Metric.named("m")
                .field("text", "x")
                .field("n", 5)
                .field("other", 7)
                .build();
        Metric derived = derivations.apply(metric, Derivation.INCREMENT, START).orElseThrow();
        assertThat(derived.fields()).containsOnlyKeys("text", "n", "other", "n_increment");
    }

    @Test
    void beyondTheLastSeriesMetricsPassAsTheyAre() {
        for (int i = 0; i < Derivations.MOST_SERIES; i++) {
            derivations.apply(tagged("a", Integer.toString(i)), Derivation.RATE, START);
        }
        Metric one = derivations
                .apply(tagged("b", "one too many"), Derivation.RATE, START)
                .orElseThrow();
        assertThat(one.fields()).containsOnlyKeys("value");
    }

    private static Metric tagged(String first, String second) {
        return Metric.named("m").value(9).tag("a", first).tag("b", second).build();
    }

    private static Metric metric(double value) {
        return Metric.named("m").value(value).build();
    }

    private List<Double> derived(Derivation derivation, String field, double... values) {
        List<Double> result = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            Metric metric = derivations
                    .apply(metric(values[i]), derivation, START.plusSeconds(i))
                    .orElseThrow();
            result.add(Derivations.number(metric.fields().get(field)));
        }
        return result;
    }
}
