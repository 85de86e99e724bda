package io.emberwatch.bridge.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirectAlertsTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    private final ManualClock clock = new ManualClock(START);
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final List<String> told = new ArrayList<>();
    private final List<Payload> raw = new ArrayList<>();
    private boolean diskFull;
    private DirectAlerts direct = start(List.of());

    private DirectAlerts start(List<Payload> open) {
        DirectAlerts alerts = new DirectAlerts(
                ConfigReader.defaults(GroupingConfig.class),
                clock,
                this::take,
                new BridgeMetrics(new CollectorRegistry()),
                "http://bridge");
        alerts.start(scheduler, open);
        return alerts;
    }

    private void take(Notification notification, Payload body) throws IOException {
        if (diskFull) {
            throw new IOException("no space left");
        }
        raw.add(body);
        StringBuilder line =
                new StringBuilder("+" + Duration.between(START, clock.instant()).toSeconds() + "s ");
        line.append(notification.groupLabels()).append(notification.isRepeat() ? " again:" : ":");
        notification.alerts().stream()
                .sorted((a, b) -> a.labels().compareTo(b.labels()))
                .forEach(alert -> line.append(' ')
                        .append(alert.labels().get("instance"))
                        .append(alert.isFiring() ? " firing" : " resolved"));
        told.add(line.toString());
    }

    private static Labels labels(String name, String instance) {
        return Labels.of("alertname", name, "instance", instance);
    }

    private Alert firing(String name, String instance, Instant startsAt) {
        return new Alert(
                labels(name, instance), Labels.EMPTY, startsAt, clock.instant().plus(Duration.ofMinutes(4)), "");
    }

    private Alert firing(String name, String instance) {
        return firing(name, instance, clock.instant());
    }

    private Alert resolved(String name, String instance) {
        return new Alert(labels(name, instance), Labels.EMPTY, START, clock.instant(), "");
    }

    /** Sends what the engine sends every minute while an alert fires. */
    private void keepFiring(Duration span, String... instances) {
        Instant startsAt = clock.instant();
        for (Duration gone = Duration.ZERO; gone.compareTo(span) < 0; gone = gone.plusMinutes(1)) {
            List<Alert> alerts = new ArrayList<>();
            for (String instance : instances) {
                alerts.add(firing("Ill", instance, startsAt));
            }
            direct.send(alerts);
            scheduler.advance(Duration.ofMinutes(1));
        }
    }

    @Test
    void anIncidentIsToldOnceWhenItBeginsAndOnceWhenItEnds() {
        keepFiring(Duration.ofMinutes(30), "a");
        direct.send(List.of(resolved("Ill", "a")));
        scheduler.advance(Duration.ofMinutes(1));
        direct.send(List.of(resolved("Ill", "a")));
        scheduler.advance(Duration.ofHours(6));
        assertThat(told)
                .containsExactly("+15s {alertname=\"Ill\"}: a firing", "+1815s {alertname=\"Ill\"}: a resolved");
    }

    @Test
    void alertsOfAGroupAreToldTogetherAndChangesAtTheInterval() {
        direct.send(List.of(firing("Ill", "a")));
        scheduler.advance(Duration.ofSeconds(5));
        direct.send(List.of(firing("Ill", "b"), firing("Other", "x")));
        scheduler.advance(Duration.ofSeconds(20));
        direct.send(List.of(firing("Ill", "c")));
        scheduler.advance(Duration.ofSeconds(25));
        direct.send(List.of(resolved("Ill", "a")));
        scheduler.advance(Duration.ofSeconds(60));
        assertThat(told)
                .containsExactly(
                        "+15s {alertname=\"Ill\"}: a firing b firing",
                        "+20s {alertname=\"Other\"}: x firing",
                        "+75s {alertname=\"Ill\"}: a resolved b firing c firing");
    }

    @Test
    void anAlertThatIsOverBeforeItIsToldIsNotTold() {
        direct.send(List.of(firing("Ill", "a")));
        scheduler.advance(Duration.ofSeconds(10));
        direct.send(List.of(resolved("Ill", "a")));
        direct.send(List.of(resolved("Never", "b")));
        scheduler.advance(Duration.ofHours(1));
        assertThat(told).isEmpty();
    }

    @Test
    void anAlertThatIsNotHeardOfAgainIsOverAtItsEnd() {
        direct.send(List.of(firing("Ill", "a")));
        scheduler.advance(Duration.ofMinutes(10));
        assertThat(told).containsExactly("+15s {alertname=\"Ill\"}: a firing", "+255s {alertname=\"Ill\"}: a resolved");
    }

    @Test
    void whatGoesOnForLongIsRepeated() {
        keepFiring(Duration.ofHours(9), "a");
        assertThat(told)
                .containsExactly(
                        "+15s {alertname=\"Ill\"}: a firing",
                        "+14415s {alertname=\"Ill\"} again: a firing",
                        "+28815s {alertname=\"Ill\"} again: a firing");
    }

    @Test
    void aSecondFiringIsAnotherIncident() {
        for (int i = 0; i < 3; i++) {
            direct.send(List.of(firing("Ill", "a")));
            scheduler.advance(Duration.ofMinutes(2));
            direct.send(List.of(resolved("Ill", "a")));
            scheduler.advance(Duration.ofMinutes(2));
        }
        assertThat(told.stream().map(line -> line.substring(line.lastIndexOf(' ') + 1)))
                .containsExactly("firing", "resolved", "firing", "resolved", "firing", "resolved");
    }

    @Test
    void anAlertThatHasFiredForLongerThanTheWaitIsToldAtOnce() {
        direct.send(List.of(firing("Ill", "a", START.minusSeconds(60))));
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(told).containsExactly("+1s {alertname=\"Ill\"}: a firing");
    }

    @Test
    void whatCannotBeStoredIsTriedAgain() {
        diskFull = true;
        direct.send(List.of(firing("Ill", "a")));
        scheduler.advance(Duration.ofSeconds(22));
        diskFull = false;
        scheduler.advance(Duration.ofSeconds(60));
        assertThat(told).containsExactly("+25s {alertname=\"Ill\"}: a firing");
    }

    @Test
    void aRestartTellsNothingTwiceAndForgetsNoEnd() throws Exception {
        direct.send(List.of(firing("Ill", "a"), firing("Ill", "b")));
        scheduler.advance(Duration.ofSeconds(30));
        direct.stop();
        direct = start(List.of(raw.get(0)));
        assertThat(WebhookJson.parse(raw.get(0).bytes()).alerts()).hasSize(2);
        direct.send(List.of(firing("Ill", "a", START)));
        scheduler.advance(Duration.ofMinutes(2));
        assertThat(told).containsExactly("+15s {alertname=\"Ill\"}: a firing b firing");
        direct.send(List.of(firing("Ill", "a", START)));
        scheduler.advance(Duration.ofMinutes(3).plusSeconds(30));
        assertThat(told)
                .containsExactly(
                        "+15s {alertname=\"Ill\"}: a firing b firing",
                        "+330s {alertname=\"Ill\"}: a firing b resolved");
    }

    @Test
    void thereIsAnEndToHowManyAlertsAreKnown() {
        List<Alert> flood = new ArrayList<>();
        for (int i = 0; i < DirectAlerts.MAX_ALERTS + 10; i++) {
            flood.add(firing("Ill" + i, "a"));
        }
        direct.send(flood);
        scheduler.advance(Duration.ofSeconds(20));
        assertThat(told).hasSize(DirectAlerts.MAX_ALERTS);
        scheduler.advance(Duration.ofMinutes(6));
        direct.send(List.of(firing("Later", "a")));
        told.clear();
        scheduler.advance(Duration.ofSeconds(20));
        assertThat(told).hasSize(1);
    }
}
