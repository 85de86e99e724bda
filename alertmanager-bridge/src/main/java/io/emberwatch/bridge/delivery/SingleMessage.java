package io.emberwatch.bridge.delivery;

import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import java.time.Instant;
import java.util.List;

/** A message that tells of one notification alone, outside of the outbox: to try a channel or to look at its output. */
public final class SingleMessage {
    private SingleMessage() {}

    /** @param incident what the message says its incident is */
    public static Message of(Notification notification, String incident, int seq, Instant at) {
        List<NotifiedAlert> alerts =
                notification.alerts().stream().sorted(MessageBuilder.ORDER).toList();
        int firing = notification.firing();
        return new Message(
                new Message.Incident(incident, seq, notification.receiver(), notification.groupLabels()),
                new Message.Alerts(
                        at,
                        alerts,
                        List.of(new Message.State(at, firing, alerts.size() - firing)),
                        List.of(),
                        new Message.Tally(notification.truncatedAlerts(), 0, 1, false),
                        notification.externalUrl()),
                Message.Attempt.FIRST);
    }
}
