package io.emberwatch.bridge.notification;

import io.emberwatch.model.Labels;
import java.util.List;
import java.util.Objects;

/**
 * The state of one alert group as it was told: what an Alertmanager webhook of version 4 carries.
 *
 * @param receiver Alertmanager's receiver, unescaped
 * @param groupKey identifies the group within one configuration; may be empty
 * @param groupLabels the labels that the group's alerts share by definition
 * @param alerts firing and resolved ones, in the sender's order
 * @param truncatedAlerts how many the sender left out
 * @param reason why it was sent, in the words of Alertmanager 0.32 and later; may be empty
 * @param externalUrl the sender's web page, may be empty
 */
public record Notification(
        String receiver,
        String groupKey,
        Labels groupLabels,
        List<NotifiedAlert> alerts,
        int truncatedAlerts,
        String reason,
        String externalUrl) {
    /** What {@link #reason} begins with when the bridge itself found the state; the rest says how, for people. */
    public static final String BRIDGE = "bridge: ";

    /** The {@link #reason} of a repetition. */
    public static final String REPEAT = "repeat interval elapsed";

    public Notification {
        Objects.requireNonNull(receiver, "receiver");
        Objects.requireNonNull(groupKey, "groupKey");
        Objects.requireNonNull(groupLabels, "groupLabels");
        alerts = List.copyOf(alerts);
        if (truncatedAlerts < 0) {
            throw new IllegalArgumentException(truncatedAlerts + ": truncatedAlerts must not be negative");
        }
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(externalUrl, "externalUrl");
    }

    /** Whether any alert fires; otherwise the group is resolved. */
    public boolean isFiring() {
        return alerts.stream().anyMatch(NotifiedAlert::isFiring);
    }

    public boolean isRepeat() {
        return reason.equals(REPEAT);
    }

    public int firing() {
        return (int) alerts.stream().filter(NotifiedAlert::isFiring).count();
    }

    /** The worst severity of the firing alerts, or of all when none fires. */
    public Severity severity() {
        boolean firing = isFiring();
        return alerts.stream()
                .filter(alert -> alert.isFiring() == firing)
                .map(NotifiedAlert::severity)
                .min(Severity::compareTo)
                .orElse(Severity.WARNING);
    }

    public Notification withReceiver(String name) {
        return new Notification(name, groupKey, groupLabels, alerts, truncatedAlerts, reason, externalUrl);
    }
}
