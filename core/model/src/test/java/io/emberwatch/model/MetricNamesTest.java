package io.emberwatch.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "_", "Z9", "up", "__name__", "go_gc_duration_seconds"})
    void areMetricAndLabelNames(String name) {
        assertThat(MetricNames.isMetricName(name)).isTrue();
        assertThat(MetricNames.isLabelName(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {":", "job:up:sum", "a:1"})
    void mayHoldColonsOnlyInMetrics(String name) {
        assertThat(MetricNames.isMetricName(name)).isTrue();
        assertThat(MetricNames.isLabelName(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "9", "1a", "a-b", "a.b", "a b", "é", "aé", "\u0661", "a\u0661", "a\n"})
    void areNeither(String name) {
        assertThat(MetricNames.isMetricName(name)).isFalse();
        assertThat(MetricNames.isLabelName(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"a, a", "'', _", "a.b, a_b", "9a, _9a", "-, _", "a:b, a:b", "é9, _9", "\ud83d\ude00, __", "\u0661, _"})
    void areMadeValidCharacterByCharacter(String name, String clean) {
        assertThat(MetricNames.sanitize(name)).isEqualTo(clean);
        assertThat(MetricNames.isMetricName(clean)).isTrue();
    }
}
