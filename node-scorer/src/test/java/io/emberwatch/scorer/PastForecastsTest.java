package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PastForecastsTest {
    private static final Instant NOW = Instant.parse("2026-03-04T14:02:30Z");

    @Test
    void theCommandPrintsWhatIsPublished() throws Exception {
        assertThat(Files.readString(Path.of("../docs/scoring.md"))).contains(PastForecasts.published());
    }

    @Test
    void aRecordedSeriesHasATableOfItsOwn() throws Exception {
        Past past = new Past(second -> Math.exp(Math.sin(second / 86_400.0 * 2 * Math.PI)));

        assertThat(PastForecasts.of(past, "x", NOW, 17))
                .contains("instance=\"m0\"")
                .contains("| naive | 1.00 | 1.00 | 1.00 |")
                .contains("| profile |")
                .contains("Used here: ");
    }

    @Test
    void withoutASeriesItSaysSo() {
        assertThatThrownBy(() -> PastForecasts.of(new Past(second -> Double.NaN), "x", NOW, 20))
                .hasMessage("no series: x");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 39})
    void theNumberOfDaysIsBounded(int days) {
        assertThatThrownBy(() -> PastForecasts.of(new Past(second -> 1), "x", NOW, days))
                .hasMessageContaining("expected 17 to 38");
    }
}
