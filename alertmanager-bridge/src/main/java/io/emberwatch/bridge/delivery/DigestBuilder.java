package io.emberwatch.bridge.delivery;

import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.outbox.InboxRow;
import io.emberwatch.bridge.outbox.Lease;
import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Makes one message of states of many incidents, the newest of each. */
final class DigestBuilder {
    private static final Comparator<Message.Brief> ORDER = Comparator.comparing((Message.Brief b) -> b.firing() == 0)
            .thenComparing(Message.Brief::severity)
            .thenComparing(Message.Brief::name)
            .thenComparing(Message.Brief::labels);

    private final Readings readings;

    DigestBuilder(Readings readings) {
        this.readings = readings;
    }

    Message build(Lease lease, List<InboxRow> rows, Message.Attempt attempt) {
        Map<String, Message.Brief> briefs = new LinkedHashMap<>();
        for (InboxRow row : rows) {
            if (row.format().equals(InboxRow.ALERTS)) {
                try {
                    briefs.put(row.incident(), brief(row.incident(), readings.of(row)));
                } catch (MalformedPayload e) {
                    throw new IllegalStateException("it was readable when it came: " + e.getMessage(), e);
                }
            }
        }
        InboxRow newest = rows.get(rows.size() - 1);
        // The first delivery's number stays the same while the message is tried, and no other message has it.
        String id = "digest-" + Long.toString(lease.first(), Character.MAX_RADIX) + "-"
                + Long.toString(lease.created().get(0).toEpochMilli(), Character.MAX_RADIX);
        return new Message(
                new Message.Incident(id, 0, "", Labels.EMPTY),
                new Message.Digest(
                        newest.received(),
                        briefs.values().stream().sorted(ORDER).toList()),
                attempt);
    }

    private static Message.Brief brief(String incident, Notification notification) {
        Labels shared = NotifiedAlert.shared(notification.alerts()).dropping(List.of("alertname", "severity"));
        List<String> names = new ArrayList<>(new TreeSet<>(
                notification.alerts().stream().map(NotifiedAlert::name).toList()));
        int firing = notification.firing();
        return new Message.Brief(
                incident,
                String.join(", ", names),
                shared,
                notification.severity(),
                firing,
                notification.alerts().size() - firing);
    }
}
