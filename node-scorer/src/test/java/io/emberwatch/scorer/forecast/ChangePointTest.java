package io.emberwatch.scorer.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ChangePointTest {
    private static final int LEARNT = 14 * MadeUpLatency.DAY;

    private static ChangePoint at(History history, int now) {
        History known = history.slice(0, now);
        return ChangePoint.of(Profile.of(known.slice(0, LEARNT)), known, LEARNT, 0);
    }

    private static boolean changed(Profile profile, History history, int now) {
        return ChangePoint.of(profile, history.slice(0, now), LEARNT, 0).changed();
    }

    @Test
    void aSlowRiseIsFoundLongBeforeItHurtsAndItsBeginningIsTold() {
        int began = LEARNT + 100;
        int rise = 144;
        History history = MadeUpLatency.withRamp(11, 16, began, rise, 400);
        int found = began;
        while (!at(history, found).changed()) {
            found++;
        }
        ChangePoint change = at(history, found);

        // 400 times the usual 4 ms: half a second is reached after about 80 % of the way.
        assertThat(found - began).as("of twelve hours").isLessThan(rise / 2);
        assertThat(change.index()).isBetween(began - 6, began + 30);
        assertThat(Math.exp(at(history, began + rise + 20).shift())).isBetween(100.0, 500.0);
    }

    @Test
    void aStepIsFoundWithinHalfAnHour() {
        int began = LEARNT + 50;
        History history = MadeUpLatency.withRamp(12, 15, began, 1, 20);

        assertThat(at(history, began + 6).changed()).isTrue();
        assertThat(at(history, began + 6).index()).isCloseTo(began, within(2));
    }

    @Test
    void falseAlarmsAreRare() {
        int alarms = 0;
        int days = 0;
        for (long seed = 100; seed < 108; seed++) {
            History history = MadeUpLatency.of(seed, 24);
            Profile profile = Profile.of(history.slice(0, LEARNT));
            boolean changed = false;
            for (int now = LEARNT + 12; now < history.size(); now += 12) {
                boolean is = changed(profile, history, now);
                alarms += is && !changed ? 1 : 0;
                changed = is;
            }
            days += 10;
        }
        assertThat((double) alarms / days).as("a day").isLessThan(0.1);
    }

    @Test
    void whatIsOverIsNoChangeAnyMore() {
        double[] values = MadeUpLatency.values(13, 17);
        for (int i = LEARNT + 20; i < LEARNT + 60; i++) {
            values[i] += 3;
        }
        History history = History.of(MadeUpLatency.DAY, 4L * MadeUpLatency.DAY, values);

        assertThat(at(history, LEARNT + 59).changed()).isTrue();
        assertThat(at(history, LEARNT + 60 + 40).changed()).isFalse();
    }

    @Test
    void aSeriesThatNeverVariedHasNothingUsualToLeave() {
        double[] values = new double[16 * MadeUpLatency.DAY];
        Arrays.fill(values, 3);
        assertThat(at(History.of(MadeUpLatency.DAY, 0, values), values.length)).isEqualTo(ChangePoint.NONE);
    }
}
