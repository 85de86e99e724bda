package io.emberwatch.rules.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AlertTrackerTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Labels A = Labels.of("alertname", "X", "job", "a");
    private static final Labels B = Labels.of("alertname", "X", "job", "b");

    private static AlertTracker tracker(int forMinutes, int keepMinutes) {
        return new AlertTracker(Duration.ofMinutes(forMinutes), Duration.ofMinutes(keepMinutes), Labels.EMPTY);
    }

    private static Instant minute(long minute) {
        return Instant.EPOCH.plus(Duration.ofMinutes(minute));
    }

    private static void observe(AlertTracker tracker, long minute, Labels... labels) throws RuleFailure {
        observe(tracker, minute, 1, labels);
    }

    private static void observe(AlertTracker tracker, long minute, double value, Labels... labels) throws RuleFailure {
        List<AlertTracker.Observed> observed = new ArrayList<>();
        for (Labels one : labels) {
            observed.add(new AlertTracker.Observed(one, new AnnotationText(() -> Labels.of("v", "" + value)), value));
        }
        tracker.observe(minute(minute), observed, 0, AlertTracker.Deviation.NONE);
    }

    private static List<Alert> due(AlertTracker tracker, long minute) {
        return tracker.due(minute(minute), MINUTE, MINUTE, "");
    }

    @Test
    void withoutHoldDurationFiresAtOnce() throws RuleFailure {
        AlertTracker tracker = tracker(0, 0);
        observe(tracker, 5, A);
        assertThat(tracker.active()).singleElement().satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(AlertState.FIRING);
            assertThat(alert.activeAt()).isEqualTo(minute(5));
        });
    }

    @Test
    void firesOnceTheHoldDurationHasPassed() throws RuleFailure {
        AlertTracker tracker = tracker(2, 0);
        observe(tracker, 0, A);
        observe(tracker, 1, A);
        assertThat(tracker.state()).isEqualTo(AlertState.PENDING);
        assertThat(due(tracker, 1)).isEmpty();
        observe(tracker, 2, A);
        assertThat(tracker.state()).isEqualTo(AlertState.FIRING);
        assertThat(due(tracker, 2)).singleElement().satisfies(alert -> {
            assertThat(alert.startsAt()).isEqualTo(minute(2));
            assertThat(alert.endsAt()).isEqualTo(minute(6));
        });
    }

    @Test
    void pendingAlertThatVanishesBeginsAnew() throws RuleFailure {
        AlertTracker tracker = tracker(2, 0);
        observe(tracker, 0, A);
        observe(tracker, 1);
        assertThat(tracker.size()).isZero();
        observe(tracker, 2, A);
        observe(tracker, 3, A);
        assertThat(tracker.state()).isEqualTo(AlertState.PENDING);
        assertThat(due(tracker, 3)).isEmpty();
    }

    @Test
    void resolvedAlertIsResentForFifteenMinutes() throws RuleFailure {
        AlertTracker tracker = tracker(0, 0);
        observe(tracker, 0, A);
        due(tracker, 0);
        observe(tracker, 1);
        assertThat(tracker.active()).isEmpty();
        assertThat(due(tracker, 1)).singleElement().satisfies(alert -> {
            assertThat(alert.startsAt()).isEqualTo(minute(0));
            assertThat(alert.endsAt()).isEqualTo(minute(1));
        });
        List<Long> resent = new ArrayList<>();
        for (long m = 2; m < 30; m++) {
            observe(tracker, m);
            if (!due(tracker, m).isEmpty()) {
                resent.add(m);
            }
        }
        // every second minute: a resend is due only when more than a minute has gone by
        assertThat(resent).containsExactly(3L, 5L, 7L, 9L, 11L, 13L, 15L);
        assertThat(tracker.size()).isZero();
    }

    @Test
    void firingAlertIsResentAfterTheDelay() throws RuleFailure {
        AlertTracker tracker = tracker(0, 0);
        int sent = 0;
        for (int i = 0; i < 40; i++) {
            Instant at = Instant.ofEpochSecond(15L * i);
            tracker.observe(
                    at, List.of(new AlertTracker.Observed(A, AnnotationText.NONE, 1)), 0, AlertTracker.Deviation.NONE);
            sent += tracker.due(at, MINUTE, Duration.ofSeconds(15), "").size();
        }
        assertThat(sent).isEqualTo(8); // at 0 s, 75 s, 150 s …
    }

    @Test
    void keepsFiringForAWhile() throws RuleFailure {
        AlertTracker tracker = tracker(0, 3);
        observe(tracker, 0, 7, A);
        observe(tracker, 1);
        observe(tracker, 3);
        assertThat(tracker.active()).singleElement().satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(AlertState.FIRING);
            assertThat(alert.keepFiringSince()).isEqualTo(minute(1));
            assertThat(alert.value()).isEqualTo(7);
            assertThat(alert.annotations()).isEqualTo(Labels.of("v", "7.0"));
        });
        observe(tracker, 4);
        assertThat(tracker.active()).isEmpty();
    }

    @Test
    void givenAgainWhileKeptFiringCountsAnew() throws RuleFailure {
        AlertTracker tracker = tracker(0, 3);
        observe(tracker, 0, A);
        observe(tracker, 2);
        observe(tracker, 3, A);
        assertThat(tracker.active().get(0).keepFiringSince()).isNull();
        observe(tracker, 5);
        observe(tracker, 7);
        assertThat(tracker.state()).isEqualTo(AlertState.FIRING);
        assertThat(tracker.active().get(0).activeAt()).isEqualTo(minute(0));
        observe(tracker, 8);
        assertThat(tracker.state()).isEqualTo(AlertState.INACTIVE);
    }

    @Test
    void pendingAlertIsNotKept() throws RuleFailure {
        AlertTracker tracker = tracker(5, 10);
        observe(tracker, 0, A);
        observe(tracker, 1);
        assertThat(tracker.size()).isZero();
    }

    @Test
    void comesBackAsANewAlertAfterItWasResolved() throws RuleFailure {
        AlertTracker tracker = tracker(1, 0);
        observe(tracker, 0, A);
        observe(tracker, 1, A);
        observe(tracker, 2);
        observe(tracker, 3, A);
        assertThat(tracker.active()).singleElement().satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(AlertState.PENDING);
            assertThat(alert.activeAt()).isEqualTo(minute(3));
        });
    }

    @Test
    void updatesValueAndAnnotations() throws RuleFailure {
        AlertTracker tracker = tracker(0, 0);
        observe(tracker, 0, 1, A);
        observe(tracker, 1, 2, A);
        assertThat(tracker.active()).singleElement().satisfies(alert -> {
            assertThat(alert.value()).isEqualTo(2);
            assertThat(alert.annotations()).isEqualTo(Labels.of("v", "2.0"));
            assertThat(alert.activeAt()).isEqualTo(minute(0));
        });
    }

    @Test
    void equalLabelsChangeNothing() throws RuleFailure {
        AlertTracker tracker = tracker(0, 0);
        observe(tracker, 0, A);
        assertThatThrownBy(() -> observe(tracker, 1, B, B))
                .hasMessage("vector contains metrics with the same labelset after applying alert labels");
        assertThat(tracker.active()).extracting(ActiveAlert::labels).containsExactly(A);
    }

    @Test
    void aboveTheLimitAllAreForgotten() throws RuleFailure {
        AlertTracker tracker = tracker(0, 0);
        observe(tracker, 0, A);
        List<AlertTracker.Observed> two = Arrays.asList(
                new AlertTracker.Observed(A, AnnotationText.NONE, 1),
                new AlertTracker.Observed(B, AnnotationText.NONE, 1));
        assertThatThrownBy(() -> tracker.observe(minute(1), two, 1, AlertTracker.Deviation.NONE))
                .hasMessage("exceeded limit of 1 with 2 alerts");
        assertThat(tracker.size()).isZero();
    }

    @Test
    void raisedHoldDurationMakesAFiringAlertPendingAgain() throws RuleFailure {
        AlertTracker before = tracker(1, 0);
        observe(before, 0, A);
        observe(before, 1, A);
        due(before, 1);
        AlertTracker tracker = tracker(5, 0);
        tracker.copyFrom(before);
        observe(tracker, 2, A);
        assertThat(tracker.state()).isEqualTo(AlertState.PENDING);
        assertThat(due(tracker, 2)).isEmpty();
        observe(tracker, 5, A);
        assertThat(due(tracker, 5)).singleElement().extracting(Alert::startsAt).isEqualTo(minute(5));
    }

    @Test
    void writesStateAndBeginning() throws RuleFailure {
        AlertTracker tracker =
                new AlertTracker(MINUTE, Duration.ZERO, Labels.of("severity", "raw", "alertstate", "other"));
        observe(tracker, 2, A);
        List<Sample> samples = new ArrayList<>();
        tracker.series(minute(2), samples);
        observe(tracker, 3, A);
        tracker.series(minute(3), samples);
        assertThat(samples)
                .extracting(sample -> sample.labels() + " " + sample.value() + " " + sample.timestampMillis())
                .containsExactly(
                        "ALERTS{alertname=\"X\", alertstate=\"pending\", job=\"a\", severity=\"raw\"} 1.0 120000",
                        "ALERTS_FOR_STATE{alertname=\"X\", alertstate=\"other\", job=\"a\", severity=\"raw\"} 120.0 120000",
                        "ALERTS{alertname=\"X\", alertstate=\"firing\", job=\"a\", severity=\"raw\"} 1.0 180000",
                        "ALERTS_FOR_STATE{alertname=\"X\", alertstate=\"other\", job=\"a\", severity=\"raw\"} 120.0 180000");
    }
}
