package io.emberwatch.bridge.delivery;

import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.Archive;
import io.emberwatch.bridge.outbox.InboxRow;
import io.emberwatch.bridge.outbox.Lease;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes one message of the states that a lease holds. The same lease makes the same message. */
final class MessageBuilder {
    /** How many earlier states a message lists; the rest is counted. */
    static final int MAX_HISTORY = 20;

    private static final int MAX_TEXTS = 5;
    private static final int MAX_RAW = 600;

    static final Comparator<NotifiedAlert> ORDER = Comparator.comparing((NotifiedAlert a) -> !a.isFiring())
            .thenComparing(NotifiedAlert::severity)
            .thenComparing(NotifiedAlert::startsAt)
            .thenComparing(NotifiedAlert::labels);

    private final Archive archive;

    MessageBuilder(Archive archive) {
        this.archive = archive;
    }

    /** @return null when nothing of it is kept any more */
    @Nullable
    Message build(Lease lease) throws OutboxException {
        Merge merge = new Merge(lease);
        for (long inbox : lease.inbox()) {
            InboxRow row = archive.row(inbox);
            if (row != null) {
                merge.add(row);
            }
        }
        InboxRow newest = merge.newest;
        if (newest == null) {
            return null;
        }
        Message.Incident incident =
                new Message.Incident(newest.incident(), newest.seq(), newest.receiver(), merge.groupLabels);
        Message.Attempt attempt = new Message.Attempt(
                lease.attempt(),
                lease.past().unsure(),
                lease.past().reference(),
                lease.past().progress());
        return new Message(incident, merge.content(), attempt);
    }

    /** Takes states in order and keeps of each alert what was said last. */
    private static final class Merge {
        private final Lease lease;
        private final Map<String, NotifiedAlert> alerts = new LinkedHashMap<>();
        private final List<Message.State> history = new ArrayList<>();
        private final List<String> texts = new ArrayList<>();
        private Labels groupLabels = Labels.EMPTY;
        private @Nullable InboxRow newest;
        private int truncated;
        private int states;
        private int notices;

        Merge(Lease lease) {
            this.lease = lease;
        }

        void add(InboxRow row) {
            newest = row;
            if (row.format().equals(InboxRow.ALERTS)) {
                try {
                    add(row, WebhookJson.parse(row.raw().bytes()));
                } catch (MalformedPayload e) {
                    notice(row, "it was readable when it came: " + e.getMessage());
                }
            } else {
                notice(row, row.detail());
            }
        }

        private void add(InboxRow row, Notification notification) {
            for (NotifiedAlert alert : notification.alerts()) {
                alerts.put(alert.fingerprint(), alert);
            }
            groupLabels = notification.groupLabels();
            truncated = notification.truncatedAlerts();
            states++;
            if (history.size() == MAX_HISTORY) {
                history.remove(1); // the first says when it began
            }
            int firing = notification.firing();
            history.add(new Message.State(
                    row.received(), firing, notification.alerts().size() - firing));
        }

        private void notice(InboxRow row, String text) {
            notices++;
            if (texts.size() < MAX_TEXTS) {
                String raw = row.raw().text(MAX_RAW);
                texts.add("#" + row.id() + " " + text + (raw.isEmpty() ? "" : "\n" + raw));
            }
        }

        Message.Content content() {
            InboxRow last = newest;
            if (last == null) {
                throw new IllegalStateException("there is nothing to tell");
            }
            if (states == 0) {
                return new Message.Notice(
                        last.received(), Severity.WARNING, last.headline(), texts, notices - texts.size());
            }
            return new Message.Alerts(
                    last.received(),
                    alerts.values().stream().sorted(ORDER).toList(),
                    history,
                    new Message.Tally(
                            truncated, last.repeats(), states, lease.past().replay()));
        }
    }
}
