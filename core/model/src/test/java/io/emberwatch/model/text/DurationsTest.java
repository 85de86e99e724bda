package io.emberwatch.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "0, PT0S, 0s",
        "0s, PT0S, 0s",
        "0w, PT0S, 0s",
        "1ms, PT0.001S, 1ms",
        "15s, PT15S, 15s",
        "90s, PT1M30S, 1m30s",
        "5m, PT5M, 5m",
        "1h30m, PT1H30M, 1h30m",
        "4d, P4D, 4d",
        "4d1h, P4DT1H, 4d1h",
        "14d, P14D, 2w",
        "8d, P8D, 8d",
        "3w, P21D, 3w",
        "3w2d1h, P23DT1H, 23d1h",
        "10y, P3650D, 10y",
        "1y1d, P366D, 366d",
        "1m5ms, PT1M0.005S, 1m5ms",
        "1d2h3m4s5ms, P1DT2H3M4.005S, 1d2h3m4s5ms",
        "007m, PT7M, 7m",
    })
    void readsAndWritesWhatPrometheusDoes(String text, Duration duration, String written) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
        assertThat(Durations.format(duration)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "1", "d", "s5", "-1w", "1.5d", "10 m", " 5m", "5m ", "1x", "1S", "1minute", "+5m", "٣m", "1m5",
                "0d0"
            })
    void refusesWhatIsNoDuration(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessage('"' + text
                        + "\" is not a duration: expected a duration like 15s, 5m or 1h30m (units y w d h m s ms)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1m1h", "5m5m", "1d1w", "1ms1s"})
    void refusesUnitsOutOfOrder(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessage('"' + text + "\" is not a duration: expected each unit once, the largest first");
    }

    @ParameterizedTest
    @ValueSource(strings = {"293y", "106752d", "9223372036855ms", "99999999999999999999s", "292y300d"})
    void refusesMoreThanPrometheusCanHold(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessage('"' + text + "\" is not a duration: expected at most 292y");
    }

    @Test
    void refusesToWriteNegativeDurations() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.format(Duration.ofSeconds(-1)))
                .withMessage("PT-1S: a negative duration cannot be written");
    }

    @Test
    void whatIsWrittenReadsBackEqual() {
        qt().forAll(longs().between(0, Long.MAX_VALUE / 1_000_000).map(Duration::ofMillis))
                .checkAssert(duration ->
                        assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration));
    }
}
