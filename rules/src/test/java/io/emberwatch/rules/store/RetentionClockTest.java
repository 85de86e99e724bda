package io.emberwatch.rules.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.query.Promql;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RetentionClockTest {
    private static final long MINUTE = 60_000;
    private static final long DAY = 24 * 60 * MINUTE;

    private final RetentionClock clock = new RetentionClock(DAY, 100 * DAY, 100 * DAY);

    @Test
    void goesOnWithTheTime() {
        assertThat(clock.look(100 * DAY + 5 * MINUTE)).isEqualTo(99 * DAY + 5 * MINUTE);
        assertThat(clock.look(100 * DAY + 10 * MINUTE)).isEqualTo(99 * DAY + 10 * MINUTE);
    }

    @Test
    void aJumpAheadAndBackDeletesNothing() {
        assertThat(clock.look(200 * DAY)).isEqualTo(99 * DAY);
        assertThat(clock.look(200 * DAY + 5 * MINUTE)).isEqualTo(99 * DAY);
        for (int i = 0; i < 20; i++) {
            assertThat(clock.look(100 * DAY + 5L * i * MINUTE)).isLessThanOrEqualTo(99 * DAY + 5L * i * MINUTE);
        }
    }

    @Test
    void aJumpThatLastsIsBelievedAfterAnHour() {
        long oldest = 0;
        for (int i = 0; i <= RetentionClock.STEADY_LOOKS; i++) {
            assertThat(oldest).isLessThan(100 * DAY);
            oldest = clock.look(200 * DAY + 5L * i * MINUTE);
        }
        assertThat(oldest).isEqualTo(199 * DAY + 60 * MINUTE);
    }

    @Test
    void aStartLongAfterTheNewestSampleDeletesNothingAtOnce() {
        RetentionClock late = new RetentionClock(DAY, 200 * DAY, 100 * DAY);
        assertThat(late.look(200 * DAY)).isEqualTo(99 * DAY);
        assertThat(late.look(200 * DAY + 5 * MINUTE)).isEqualTo(99 * DAY);
    }

    @Test
    void aStoreWhoseClockJumpsKeepsItsSamples(@TempDir Path folder) throws Exception {
        Labels labels = Labels.of("__name__", "a");
        try (TestStore store = TestStore.open(folder)) {
            store.run(100, Duration.ofSeconds(30), List.of(labels));
            Persistence persistence = Objects.requireNonNull(store.store.persistence());
            for (int i = 0; i < 4; i++) {
                persistence.housekeep(TestStore.START.plus(Duration.ofDays(400)).plus(Duration.ofMinutes(5L * i)));
            }
            persistence.housekeep(store.clock.instant());
            store.run(10, Duration.ofSeconds(30), List.of(labels));
            assertThat(store.store
                            .select(Promql.parseSelector("a"), 0, Long.MAX_VALUE / 2)
                            .get(0)
                            .size())
                    .isEqualTo(110);
        }
    }
}
