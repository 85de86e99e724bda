package io.emberwatch.bridge.direct;

import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The alerts of one group, and what was told of them. Not safe for several threads. */
final class AlertGroup {
    private final Labels labels;
    private final Map<String, Alert> alerts = new TreeMap<>();
    private Set<String> toldFiring = Set.of();
    private Set<String> toldResolved = Set.of();
    private @Nullable Instant toldAt;
    private Instant nextFlush;

    AlertGroup(Labels labels, Instant firstFlush) {
        this.labels = labels;
        this.nextFlush = firstFlush;
    }

    /** What is to be told now: the alerts as they are, and whether that is a mere repetition. */
    record Flush(Labels labels, Map<String, Alert> alerts, Set<String> firing, Set<String> resolved, boolean repeat) {
        Notification notification(String receiver, Instant now, String externalUrl) {
            List<NotifiedAlert> told = alerts.entrySet().stream()
                    .map(entry -> told(entry.getKey(), entry.getValue(), now))
                    .toList();
            return new Notification(
                    receiver, "direct:" + labels, labels, told, 0, repeat ? Notification.REPEAT : "", externalUrl);
        }

        private static NotifiedAlert told(String fingerprint, Alert alert, Instant now) {
            return new NotifiedAlert(
                    fingerprint,
                    alert.labels(),
                    alert.annotations(),
                    alert.startsAt(),
                    alert.isResolvedAt(now) ? alert.endsAt() : null,
                    alert.generatorUrl());
        }
    }

    Labels labels() {
        return labels;
    }

    int size() {
        return alerts.size();
    }

    boolean has(String fingerprint) {
        return alerts.containsKey(fingerprint);
    }

    void put(String fingerprint, Alert alert) {
        alerts.put(fingerprint, alert);
    }

    /** Goes on where an earlier process ended: these alerts were told as firing. */
    void restore(Map<String, Alert> firing, Instant now) {
        alerts.putAll(firing);
        toldFiring = Set.copyOf(firing.keySet());
        toldAt = now;
    }

    /** An alert that has been firing for longer than a group waits is told at once. */
    void hasten(Instant flush) {
        if (toldAt == null && flush.isBefore(nextFlush)) {
            nextFlush = flush;
        }
    }

    boolean isDue(Instant now) {
        return !now.isBefore(nextFlush);
    }

    void flushAt(Instant next) {
        nextFlush = next;
    }

    /** What is to be told at a flush, or null when there is nothing new and no repetition is due. */
    @Nullable
    Flush flush(Instant now, Duration repeatInterval) {
        Set<String> firing = new HashSet<>();
        Set<String> resolved = new HashSet<>();
        alerts.forEach((fingerprint, alert) -> (alert.isResolvedAt(now) ? resolved : firing).add(fingerprint));
        boolean news = !toldFiring.containsAll(firing)
                || (firing.isEmpty() ? !toldFiring.isEmpty() : toldAt != null && !toldResolved.containsAll(resolved));
        boolean repeat = !news && !firing.isEmpty() && toldAt != null && !now.isBefore(toldAt.plus(repeatInterval));
        return news || repeat ? new Flush(labels, Map.copyOf(alerts), firing, resolved, repeat) : null;
    }

    /** Remembers what was told and forgets the alerts that were told to be over. */
    void told(Flush flush, Instant now) {
        toldFiring = flush.firing();
        toldResolved = flush.resolved();
        toldAt = now;
        flush.resolved()
                .forEach(
                        fingerprint -> alerts.remove(fingerprint, flush.alerts().get(fingerprint)));
    }

    /** Forgets alerts that came and went without being told. */
    void forgetResolved(Instant now) {
        alerts.values().removeIf(alert -> alert.isResolvedAt(now));
    }

    boolean isEmpty() {
        return alerts.isEmpty();
    }
}
