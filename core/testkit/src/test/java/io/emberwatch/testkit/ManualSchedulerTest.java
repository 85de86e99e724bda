package io.emberwatch.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualSchedulerTest {
    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:07Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final List<String> ran = new ArrayList<>();

    @Test
    void ticksComeAtMultiplesOfThePeriodSinceTheEpoch() {
        every("a", 10, 0);
        every("b", 10, 3);

        scheduler.advance(Duration.ofSeconds(20));

        assertThat(ran).containsExactly("a 10", "b 13", "a 20", "b 23");
        assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-01T00:00:27Z"));
    }

    @Test
    void theSlotThatIsNowHasPassed() {
        every("a", 1, 0);

        scheduler.advance(Duration.ofSeconds(1));

        assertThat(ran).containsExactly("a 8");
    }

    @Test
    void theClockShowsThePlannedInstantDuringATick() {
        scheduler.once(
                "a", Duration.ofMillis(1500), () -> ran.add(clock.instant().toString()));

        scheduler.advance(Duration.ofSeconds(5));

        assertThat(ran).containsExactly("2026-01-01T00:00:08.500Z");
    }

    @Test
    void whatIsDueAtOneInstantRunsInTheOrderOfPlanning() {
        scheduler.once("a", Duration.ofSeconds(1), () -> ran.add("a"));
        scheduler.once("b", Duration.ofSeconds(1), () -> ran.add("b"));

        scheduler.advance(Duration.ofSeconds(1));

        assertThat(ran).containsExactly("a", "b");
    }

    @Test
    void aClosedTaskRunsNoMore() {
        Scheduler.Task ticks = every("a", 10, 0);
        scheduler.advance(Duration.ofSeconds(10));

        ticks.close();
        scheduler.advance(Duration.ofSeconds(100));

        assertThat(ran).containsExactly("a 10");
    }

    @Test
    void aTaskMayPlanAnother() {
        scheduler.once("a", Duration.ofSeconds(1), () -> {
            ran.add("a");
            scheduler.once("b", Duration.ofSeconds(1), () -> ran.add("b"));
        });

        scheduler.advance(Duration.ofSeconds(1));
        assertThat(ran).containsExactly("a");
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(ran).containsExactly("a", "b");
    }

    private Scheduler.Task every(String name, int period, int offset) {
        Instant midnight = Instant.parse("2026-01-01T00:00:00Z");
        return scheduler.every(
                name,
                Duration.ofSeconds(period),
                Duration.ofSeconds(offset),
                at -> ran.add(name + " " + Duration.between(midnight, at).toSeconds()));
    }
}
