package io.emberwatch.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.bridge.Samples;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private static final Instant T = Instant.parse("2026-11-21T12:00:00Z");
    private static final Labels WATCHDOG = Labels.of("alertname", "Watchdog", "severity", "none");

    private final List<String> told = new ArrayList<>();
    private final Watchdog.Taker taker =
            (source, notification, raw) -> told.add((notification.isFiring() ? "firing " : "resolved ")
                    + notification.alerts().get(0).name());

    private static Watchdog watchdog(boolean expected) {
        return new Watchdog(WatchdogConfig.DEFAULT, expected, T, new BridgeMetrics(new CollectorRegistry()));
    }

    private static Notification sign() {
        return Samples.group(Samples.alert(true, WATCHDOG, Labels.EMPTY));
    }

    private static Instant after(int minutes) {
        return T.plus(Duration.ofMinutes(minutes));
    }

    @Test
    void whatWasNeverHeardIsNotMissedUnlessItIsExpected() {
        watchdog(false).look(after(60), taker);
        assertThat(told).isEmpty();
        watchdog(true).look(after(60), taker);
        assertThat(told).containsExactly("firing WatchdogSilent");
    }

    @Test
    void onceHeardItsSilenceIsReportedAndItsReturnToo() {
        Watchdog watchdog = watchdog(false);
        assertThat(watchdog.takes(sign(), after(1))).isTrue();
        watchdog.look(after(10), taker);
        assertThat(told).isEmpty();
        watchdog.look(after(11), taker);
        watchdog.look(after(12), taker);
        assertThat(told).containsExactly("firing WatchdogSilent");
        watchdog.takes(sign(), after(13));
        watchdog.look(after(13), taker);
        assertThat(told).containsExactly("firing WatchdogSilent", "resolved WatchdogSilent");
    }

    @Test
    void whatARuleEngineSendsCountsEveryTimeAndGoesNoFurther() {
        Watchdog watchdog = watchdog(false);
        Alert sign = new Alert(WATCHDOG, Labels.EMPTY, T, after(4), "");
        Alert other = new Alert(Labels.of("alertname", "Ill"), Labels.EMPTY, T, after(4), "");
        assertThat(watchdog.rest(List.of(sign, other), after(1))).containsExactly(other);
        assertThat(watchdog.rest(List.of(other), after(20))).containsExactly(other);
        watchdog.look(after(20), taker);
        assertThat(told).containsExactly("firing WatchdogSilent");
    }

    @Test
    void whatAnEarlierProcessRaisedEndsWithTheNextSign() {
        Watchdog watchdog = watchdog(false);
        watchdog.goOn(T);
        watchdog.look(after(1), taker);
        watchdog.takes(sign(), after(2));
        watchdog.look(after(2), taker);
        assertThat(told).endsWith("resolved WatchdogSilent");
    }
}
