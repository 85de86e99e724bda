package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The state of a group as text, to tell a duplicate from news: which alerts there are, which of them fire, since when.
 *
 * <p>Two states are the same when the alerts and what they do are the same. Starts may differ a little, as two
 * Alertmanagers fed by two Prometheus servers see them differ; one that is later by more than {@link #SLACK} is another
 * firing.
 */
final class Canon {
    static final Duration SLACK = Duration.ofSeconds(60);

    private Canon() {}

    /** One line an alert, in order of fingerprints, then the number of alerts that were left out. */
    static String of(Notification notification) {
        return notification.alerts().stream()
                .map(Canon::line)
                .sorted()
                .collect(Collectors.joining("", "", "truncated " + notification.truncatedAlerts()));
    }

    private static String line(NotifiedAlert alert) {
        return alert.fingerprint() + (alert.isFiring() ? " f " : " r ")
                + alert.startsAt().toEpochMilli() + "\n";
    }

    static boolean same(String accepted, String received) {
        String[] old = accepted.split("\n", -1);
        String[] now = received.split("\n", -1);
        if (old.length != now.length) {
            return false;
        }
        for (int i = 0; i < old.length; i++) {
            if (!old[i].equals(now[i]) && !sameButForStart(old[i], now[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameButForStart(String old, String now) {
        int oldStart = old.lastIndexOf(' ');
        int nowStart = now.lastIndexOf(' ');
        return !old.startsWith("truncated")
                && oldStart == nowStart
                && old.regionMatches(0, now, 0, oldStart)
                && start(now) - start(old) <= SLACK.toMillis();
    }

    private static long start(String line) {
        return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
    }

    /** Whether an alert that fired in the accepted state is in the received one. */
    static boolean continues(String accepted, Notification received) {
        Map<String, NotifiedAlert> alerts = new HashMap<>();
        received.alerts().forEach(alert -> alerts.put(alert.fingerprint(), alert));
        return accepted.lines().anyMatch(line -> {
            String[] parts = line.split(" ", -1);
            return parts.length == 3 && parts[1].equals("f") && alerts.containsKey(parts[0]);
        });
    }
}
