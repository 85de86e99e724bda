package io.emberwatch.bridge.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.bridge.outbox.Archive;
import io.emberwatch.bridge.outbox.Handling;
import io.emberwatch.bridge.outbox.InboxRow;
import io.emberwatch.bridge.outbox.Incidents;
import io.emberwatch.bridge.outbox.Lease;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.model.Labels;
import java.io.IOException;
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

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Archive archive;
    private final Incidents incidents;
    private final Readings readings;

    MessageBuilder(Archive archive, Incidents incidents, Readings readings) {
        this.archive = archive;
        this.incidents = incidents;
        this.readings = readings;
    }

    /** @return null when nothing of it is kept any more */
    @Nullable
    Message build(Lease lease) throws OutboxException {
        List<InboxRow> rows = archive.rows(lease.inbox());
        if (rows.isEmpty()) {
            return null;
        }
        Message.Attempt attempt = attempt(lease);
        return lease.past().digest()
                ? new DigestBuilder(readings).build(lease, rows, attempt)
                : build(lease, rows, attempt);
    }

    static Message.Attempt attempt(Lease lease) {
        return new Message.Attempt(
                lease.attempt(),
                lease.past().unsure(),
                lease.past().reference(),
                lease.past().progress());
    }

    private Message build(Lease lease, List<InboxRow> rows, Message.Attempt attempt) throws OutboxException {
        InboxRow newest = rows.get(rows.size() - 1);
        if (newest.format().equals(InboxRow.MAIL)) {
            return new Message(
                    new Message.Incident(newest.incident(), newest.seq(), newest.receiver(), Labels.EMPTY),
                    letter(newest),
                    attempt);
        }
        Merge merge = new Merge(lease, readings);
        if (rows.stream().allMatch(row -> row.format().equals(InboxRow.UPDATE))) {
            InboxRow state = incidents.lastState(newest.incident());
            if (state == null) {
                return new Message(
                        new Message.Incident(newest.incident(), newest.seq(), newest.receiver(), Labels.EMPTY),
                        new Message.Notice(
                                newest.received(), Severity.INFO, newest.headline(), List.of(newest.detail()), 0),
                        attempt);
            }
            merge.add(state);
        }
        rows.forEach(merge::add);
        Incidents.Standing standing = incidents.standing(newest.incident());
        Handling handling = standing.handling();
        return new Message(
                new Message.Incident(newest.incident(), newest.seq(), newest.receiver(), merge.groupLabels),
                merge.content(),
                attempt,
                new Message.Standing(
                        handling.version(),
                        handling.state() == Handling.State.ACKNOWLEDGED ? handling.who() : "",
                        handling.state() == Handling.State.SILENCED ? handling.who() : "",
                        handling.until(),
                        handling.silence(),
                        standing.closed(),
                        standing.flaps()));
    }

    private static Message.Content letter(InboxRow row) {
        try {
            JsonNode mail = JSON.readTree(row.raw().bytes());
            List<String> to = new ArrayList<>();
            mail.path("to").forEach(address -> to.add(address.asText()));
            return new Message.Letter(
                    row.received(), row.headline(), mail.path("body").asText(), to);
        } catch (IOException e) {
            return new Message.Letter(row.received(), row.headline(), row.detail(), List.of());
        }
    }

    /** Takes states in order and keeps of each alert what was said last. */
    private static final class Merge {
        private final Lease lease;
        private final Readings readings;
        private final Map<String, NotifiedAlert> alerts = new LinkedHashMap<>();
        private final List<Message.State> history = new ArrayList<>();
        private final List<String> texts = new ArrayList<>();
        private final List<String> updates = new ArrayList<>();
        private Labels groupLabels = Labels.EMPTY;
        private @Nullable InboxRow newest;
        private String sender = "";
        private int truncated;
        private int states;
        private int notices;

        Merge(Lease lease, Readings readings) {
            this.lease = lease;
            this.readings = readings;
        }

        void add(InboxRow row) {
            newest = row;
            switch (row.format()) {
                case InboxRow.ALERTS -> {
                    try {
                        add(row, readings.of(row));
                    } catch (MalformedPayload e) {
                        notice(row, "it was readable when it came: " + e.getMessage());
                    }
                }
                case InboxRow.UPDATE -> update(row.detail());
                case InboxRow.CHAT -> chat(row);
                default -> notice(row, row.detail());
            }
        }

        private void update(String what) {
            if (updates.size() == MAX_HISTORY) {
                updates.remove(0);
            }
            updates.add(what);
        }

        private void add(InboxRow row, Notification notification) {
            for (NotifiedAlert alert : notification.alerts()) {
                alerts.put(alert.fingerprint(), alert);
            }
            groupLabels = notification.groupLabels();
            sender = notification.externalUrl();
            truncated = notification.truncatedAlerts();
            states++;
            if (notification.reason().startsWith(Notification.BRIDGE)) {
                update(notification.reason().substring(Notification.BRIDGE.length()));
            }
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

        private void chat(InboxRow row) {
            notices++;
            texts.add(row.detail());
        }

        Message.Content content() {
            InboxRow last = newest;
            if (last == null) {
                throw new IllegalStateException("there is nothing to tell");
            }
            if (states == 0) {
                Severity severity = last.format().equals(InboxRow.CHAT) ? Severity.INFO : Severity.WARNING;
                return new Message.Notice(last.received(), severity, last.headline(), texts, notices - texts.size());
            }
            return new Message.Alerts(
                    last.received(),
                    alerts.values().stream().sorted(ORDER).toList(),
                    history,
                    updates,
                    new Message.Tally(
                            truncated, last.repeats(), states, lease.past().replay()),
                    sender);
        }
    }
}
