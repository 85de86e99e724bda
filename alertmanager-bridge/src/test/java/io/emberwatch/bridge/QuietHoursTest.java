package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.bridge.outbox.Quiet;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietHoursTest {
    private static final Quiet QUIET = QuietHours.of(
            List.of(
                    new QuietHours(List.of("chat"), "22:00", "07:00", List.of("warning", "info")),
                    new QuietHours(List.of(), "12:00", "13:00", List.of("info"))),
            ZoneId.of("Europe/Berlin"));

    @ParameterizedTest
    @CsvSource({
        "chat, WARNING, 2026-11-21T20:59:59Z, 2026-11-21T20:59:59Z",
        "chat, WARNING, 2026-11-21T21:00:00Z, 2026-11-22T06:00:00Z",
        "chat, WARNING, 2026-11-22T05:59:59Z, 2026-11-22T06:00:00Z",
        "chat, WARNING, 2026-11-22T06:00:00Z, 2026-11-22T06:00:00Z",
        "chat, CRITICAL, 2026-11-21T23:00:00Z, 2026-11-21T23:00:00Z",
        "mail, WARNING, 2026-11-21T23:00:00Z, 2026-11-21T23:00:00Z",
        "mail, INFO, 2026-11-21T11:30:00Z, 2026-11-21T12:00:00Z",
        "chat, INFO, 2026-10-24T21:00:00Z, 2026-10-25T06:00:00Z"
    })
    void theMildWaitsUntilTheHoursAreOver(String channel, Severity severity, Instant now, Instant until) {
        assertThat(QUIET.until(channel, severity, now)).isEqualTo(until);
    }
}
