package io.emberwatch.exporter.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownFamiliesTest {
    private final KnownFamilies known = new KnownFamilies();
    private final SeriesKey a = SeriesKey.of("m", Labels.of("l", "a"));
    private final SeriesKey b = SeriesKey.of("m", Labels.of("l", "b"));

    private static MetricFamily gauge(SeriesKey... keys) {
        return MetricFamily.of(
                "m",
                MetricType.GAUGE,
                "",
                List.of(keys).stream().map(key -> MetricPoint.of(key, 1)).toList());
    }

    @Test
    void aFamilyOnceFoundSoundIsLookedAtAgainWhenItsSeriesChange() {
        assertThat(known.isSound(gauge(a, b))).isTrue();
        assertThat(known.isSound(gauge(a, b))).isTrue();
        assertThat(known.isSound(gauge(a, a))).isFalse();
        assertThat(known.isSound(gauge(a, SeriesKey.of("m", Labels.of("l", "a")))))
                .isFalse();
        assertThat(known.isSound(gauge(a, SeriesKey.of("m", Labels.of("no name", "a")))))
                .isFalse();
        assertThat(known.isSound(gauge(a, SeriesKey.of("other", Labels.EMPTY)))).isFalse();
        assertThat(known.isSound(gauge(a))).isTrue();
    }

    @Test
    void theSameSeriesUnderAnotherTypeAreLookedAtAgain() {
        assertThat(known.isSound(gauge(a))).isTrue();
        assertThat(known.isSound(MetricFamily.of("m", MetricType.HISTOGRAM, "", List.of(MetricPoint.of(a, 1)))))
                .isFalse();
    }

    @Test
    void aSourceThatMakesItsSeriesAnewIsCheckedEveryTime() {
        for (int i = 0; i < 3; i++) {
            assertThat(known.isSound(gauge(SeriesKey.of("m", Labels.of("l", "a")))))
                    .isTrue();
        }
        SeriesKey twice = SeriesKey.of("m", Labels.of("l", "a"));
        assertThat(known.isSound(gauge(twice, twice))).isFalse();
        assertThat(known.isSound(gauge())).isTrue();
    }
}
