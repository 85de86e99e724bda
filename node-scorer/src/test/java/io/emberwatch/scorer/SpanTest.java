package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpanTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 min",
        "PT29S, 0 min",
        "PT45M10S, 45 min",
        "PT59M40S, 1 h",
        "PT3H20M, 3 h 20 min",
        "PT23H59M, 23 h 59 min",
        "PT24H, 1 d",
        "P2DT4H25M, 2 d 4 h",
    })
    void twoUnitsAreEnough(Duration span, String words) {
        assertThat(Span.words(span)).isEqualTo(words);
    }
}
