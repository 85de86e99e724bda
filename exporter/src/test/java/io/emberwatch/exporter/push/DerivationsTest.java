package io.emberwatch.exporter.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.push.PushConfig.DeriveConfig;
import io.emberwatch.exporter.push.PushConfig.DeriveConfig.Mode;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import java.time.Duration;
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
}
