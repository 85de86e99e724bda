package io.emberwatch.bridge.channel;

import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.model.Labels;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a channel is to deliver: the newest state of an incident, and what became of it since the channel was last told.
 *
 * <p>The same message is built the same way at every attempt, so that a channel can tell its parts by number.
 */
public record Message(Incident incident, Content content, Attempt attempt, Standing standing) {
    /** A message about something that nobody has done anything about. */
    public Message(Incident incident, Content content, Attempt attempt) {
        this(incident, content, attempt, Standing.OPEN);
    }

    /** The same message at another attempt. */
    public Message with(Attempt other) {
        return new Message(incident, content, other, standing);
    }

    /**
     * How people have dealt with the incident.
     *
     * @param version changes whenever somebody does something
     * @param acknowledged who takes care of it, or the empty string
     * @param silenced who silenced it, or the empty string
     * @param until when that ends
     * @param silence the silence's identifier, or the empty string
     * @param closed whether the incident is over
     * @param flaps how often it has returned lately, from when on it counts as flapping; otherwise 0
     */
    public record Standing(
            int version,
            String acknowledged,
            String silenced,
            @Nullable Instant until,
            String silence,
            boolean closed,
            int flaps) {
        public static final Standing OPEN = new Standing(0, "", "", null, "", false, 0);
    }

    /**
     * One episode of an alert group: from its first firing alert until all are resolved.
     *
     * @param id unique for ever
     * @param seq counts the incident's states from 0
     * @param receiver the name that routed it
     */
    public record Incident(String id, int seq, String receiver, Labels groupLabels) {}

    /**
     * How this attempt relates to earlier ones.
     *
     * @param number from 1
     * @param unsure an earlier attempt may have arrived
     * @param reference what the channel said when it delivered the incident's last message
     * @param progress what the channel said when it delivered a part of this one
     */
    public record Attempt(
            int number,
            boolean unsure,
            @Nullable String reference,
            @Nullable String progress) {
        public static final Attempt FIRST = new Attempt(1, false, null, null);
    }

    /** What there is to tell. */
    public sealed interface Content {
        /** When the newest part of it was received. */
        Instant at();

        Severity severity();
    }

    /**
     * The state of an alert group.
     *
     * @param alerts firing ones first, the worst first, the oldest first; resolved ones as often
     * @param history the states that were received since the channel was last told, the newest last
     * @param updates what was done about the incident since the channel was last told, the newest last
     * @param tally what does not show in single alerts
     * @param sender where Alertmanager says that its page is, or the empty string
     */
    public record Alerts(
            Instant at,
            List<NotifiedAlert> alerts,
            List<State> history,
            List<String> updates,
            Tally tally,
            String sender)
            implements Content {
        public Alerts {
            updates = List.copyOf(updates);
            alerts = List.copyOf(alerts);
            history = List.copyOf(history);
        }

        /** A state that nothing was done about. */
        public Alerts(Instant at, List<NotifiedAlert> alerts, List<State> history, Tally tally) {
            this(at, alerts, history, List.of(), tally, "");
        }

        public boolean isFiring() {
            return firing() > 0;
        }

        public int firing() {
            return (int) alerts.stream().filter(NotifiedAlert::isFiring).count();
        }

        @Override
        public Severity severity() {
            boolean firing = isFiring();
            return alerts.stream()
                    .filter(alert -> alert.isFiring() == firing)
                    .map(NotifiedAlert::severity)
                    .min(Severity::compareTo)
                    .orElse(Severity.WARNING);
        }
    }

    /** One received state: when, and how many alerts fired and were resolved. */
    public record State(Instant at, int firing, int resolved) {}

    /**
     * Counts that belong to a message.
     *
     * @param truncated alerts that the sender left out
     * @param repeats how often the unchanged state was received again
     * @param states states that were received since the channel was last told, those not in the history too
     * @param replayed whether this is an old state, sent again from the dead letters
     */
    public record Tally(int truncated, int repeats, int states, boolean replayed) {}

    /**
     * Many incidents at once, told together because there were too many to tell one by one.
     *
     * @param incidents the worst first
     */
    public record Digest(Instant at, List<Brief> incidents) implements Content {
        public Digest {
            incidents = List.copyOf(incidents);
        }

        @Override
        public Severity severity() {
            return incidents.stream()
                    .map(Brief::severity)
                    .min(Severity::compareTo)
                    .orElse(Severity.WARNING);
        }
    }

    /**
     * One incident in a digest.
     *
     * @param id the incident
     * @param name names of its alerts
     * @param labels what its alerts share, without their name and severity
     */
    public record Brief(String id, String name, Labels labels, Severity severity, int firing, int resolved) {}

    /**
     * A mail that somebody else wrote.
     *
     * @param to who gets it; empty for the channel's own receivers
     */
    public record Letter(Instant at, String subject, String body, List<String> to) implements Content {
        public Letter {
            to = List.copyOf(to);
        }

        @Override
        public Severity severity() {
            return Severity.INFO;
        }
    }

    /**
     * Something that is no alert: a payload that could not be read, or a notice of the bridge's own.
     *
     * @param texts what happened, each a paragraph, as often as it happened up to a limit
     * @param omitted how many more there were
     */
    public record Notice(Instant at, Severity severity, String title, List<String> texts, int omitted)
            implements Content {
        public Notice {
            texts = List.copyOf(texts);
        }
    }
}
