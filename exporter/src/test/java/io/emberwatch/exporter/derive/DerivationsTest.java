package io.emberwatch.exporter.derive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.emberwatch.exporter.derive.DeriveConfig.Mode;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DerivationsTest {
    private static Derivations of(Mode mode) {
        return new Derivations(List.of(new DeriveConfig("ticks", mode, Duration.ofMinutes(5))));
    }

    private static List<String> apply(Derivations derivations, double value, long atMillis, String... labels) {
        return derivations.apply(MetricPoint.of("ticks", Labels.of(labels), value), atMillis).stream()
                .map(point -> point.key().name() + "=" + point.value())
                .toList();
    }

    @Test
    void aRateIsTheChangePerSecond() {
        Derivations rate = of(Mode.RATE);
        assertThat(apply(rate, 10, 1000)).containsExactly("ticks=10.0", "ticks_rate=0.0");
        assertThat(apply(rate, 25, 1500)).containsExactly("ticks=25.0", "ticks_rate=30.0");
        assertThat(apply(rate, 5, 2500)).as("it may fall").containsExactly("ticks=5.0", "ticks_rate=-20.0");
        assertThat(apply(rate, 0, 3500)).as("a new run").containsExactly("ticks=0.0", "ticks_rate=0.0");
        assertThat(apply(rate, 7, 3500)).as("no time between them").containsExactly("ticks=7.0");
        assertThat(apply(rate, 8, 3000)).as("a clock set back").containsExactly("ticks=8.0");
    }

    @Test
    void seriesAreToldApartByAllLabels() {
        Derivations increment = of(Mode.INCREMENT);
        apply(increment, 1, 0, "a", "xy", "b", "z");
        assertThat(apply(increment, 10, 0, "a", "x", "b", "yz")).contains("ticks_increment=10.0");
        assertThat(apply(increment, 2, 0, "a", "xy", "b", "z")).contains("ticks_increment=3.0");
    }

    @Test
    void anUnchangedValueIsLeftOutForFiveMinutes() {
        Derivations suppress = of(Mode.SUPPRESS);
        assertThat(apply(suppress, 1, 0)).hasSize(1);
        assertThat(apply(suppress, 1, 299_999)).isEmpty();
        assertThat(apply(suppress, 1, 300_000)).hasSize(1);
        assertThat(apply(suppress, 2, 300_001)).hasSize(1);
        assertThat(apply(suppress, 2, 1000)).as("a clock set back").hasSize(1);
        assertThat(suppress.apply(MetricPoint.of("other", Labels.EMPTY, 1), 0)).hasSize(1);
    }

    private static List<Double> rates(double... values) {
        Derivations rate = of(Mode.RATE);
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            rate.apply(MetricPoint.of("ticks", Labels.EMPTY, values[i]), 1000L * i).stream()
                    .filter(point -> point.key().name().equals("ticks_rate"))
                    .forEach(point -> rates.add(point.value()));
        }
        return rates;
    }

    @Test
    void theO2LibrarysVectorsGiveTheSame() {
        assertThat(rates(10, 20, 30, 50, 60, 65, 70, 80, 90))
                .containsExactly(0.0, 10.0, 10.0, 20.0, 10.0, 5.0, 5.0, 10.0, 10.0);
        assertThat(rates(10, 20, 30, 50, 0)).as("a new run").containsExactly(0.0, 10.0, 10.0, 20.0, 0.0);
        List<Double> doubles = rates(1.2, 11.2, 21.2, 41.2, 51.2, 61);
        double[] expected = {0, 10, 10, 20, 10, 9.8};
        assertThat(doubles).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(doubles.get(i)).isCloseTo(expected[i], within(1e-9));
        }
    }
}
