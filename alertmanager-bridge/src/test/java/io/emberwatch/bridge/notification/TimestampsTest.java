package io.emberwatch.bridge.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-21T01:41:24.709246669Z",
                "2026-11-21T01:41:24.7Z",
                "2026-11-21T01:41:24Z",
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999999Z",
                "2024-02-29T12:00:00.000Z",
                "2026-11-21T01:41:24+01:00",
                "2026-11-21T01:41:24.5-11:30",
                "2026-11-21T01:41Z"
            })
    void readsAsTheJdkDoes(String text) {
        assertThat(Timestamps.parse(text)).isEqualTo(OffsetDateTime.parse(text).toInstant());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "yesterday",
                "2026-11-21T01:41:24",
                "2026-11-21 01:41:24Z",
                "2026-11-21T01:41:24.1234567890Z",
                "2026-11-21T01:41:24.12a4Z",
                "2026-11-21T01:41:24,5Z",
                "2026-11-21T24:41:24Z",
                "2026-11-21T01:60:24Z",
                "2026-11-21T01:41:60Z",
                "2026-02-29T01:41:24Z",
                "2026-13-01T01:41:24Z",
                "2026-00-01T01:41:24Z",
                "2026-11-21T01:4１:24Z"
            })
    void refusesWhatIsNoTime(String text) {
        assertThatThrownBy(() -> Timestamps.parse(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void readsWhateverAnInstantWrites() {
        Random random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            Instant instant = Instant.ofEpochSecond(
                    random.nextInt() * 20L, random.nextBoolean() ? 0 : random.nextInt(1_000_000_000));
            assertThat(Timestamps.parse(instant.toString())).isEqualTo(instant);
        }
    }
}
