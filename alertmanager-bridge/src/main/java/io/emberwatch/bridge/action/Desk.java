package io.emberwatch.bridge.action;

import io.emberwatch.bridge.alertmanager.ActiveAlert;
import io.emberwatch.bridge.alertmanager.AlertmanagerClient;
import io.emberwatch.bridge.alertmanager.Silence;
import io.emberwatch.bridge.delivery.Inlet;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.Deed;
import io.emberwatch.bridge.outbox.Handling;
import io.emberwatch.bridge.outbox.InboxRow;
import io.emberwatch.bridge.outbox.Incidents;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.render.Addresses;
import io.emberwatch.bridge.render.Times;
import io.emberwatch.bridge.route.Matchers;
import io.emberwatch.model.Labels;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what people ask for, if they may, and puts down that they did. An acknowledgement is a short silence that is
 * extended while the incident lasts; without an Alertmanager it is only remembered and shown.
 */
public final class Desk {
    /** What the comment of an acknowledgement's silence begins with, as karma and kthxbye know it. */
    static final String ACK = "ACK! ";

    private static final Logger logger = LoggerFactory.getLogger("bridge.action");

    private final ActionConfig config;
    private final Works works;
    private final List<AlertmanagerClient> alertmanagers;
    private final List<Limit> limits;

    /** What it works with. */
    public record Works(
            Outbox outbox,
            Inlet inlet,
            List<String> living,
            InstantSource clock,
            BridgeMetrics metrics,
            Addresses addresses) {
        public Works {
            living = List.copyOf(living);
        }
    }

    private record Limit(Matchers matchers, List<String> users) {}

    /**
     * What somebody asks for.
     *
     * @param who a name
     * @param principal whom limits know: a user of Mattermost, or {@code mail:} and the channel whose mail had the link
     * @param via where from: {@code mattermost}, {@code mail}, {@code page}
     * @param span how long to silence, where that is not in the action
     * @param comment why, or the empty string
     */
    public record Request(
            Action action,
            String incident,
            String who,
            String principal,
            String via,
            @Nullable Duration span,
            String comment) {}

    /** What came of it: a sentence for the one who asked. */
    public record Answer(boolean done, String text) {}

    public Desk(ActionConfig config, List<AlertmanagerClient> alertmanagers, Works works) {
        this.config = config;
        this.works = works;
        this.alertmanagers = List.copyOf(alertmanagers);
        this.limits = config.limits().stream()
                .map(limit -> new Limit(new Matchers(limit.matchers()), limit.users()))
                .toList();
    }

    /** Puts down that something was refused before it came to what was asked for. */
    Answer refuse(Request request, String why) throws OutboxException {
        audit(request, why, "");
        works.metrics().action(request.action().word(), "refused");
        return new Answer(false, why);
    }

    /** Does it, or says why not. */
    public Answer act(Request request) throws OutboxException {
        Incidents.Incident incident = works.outbox().incidents().find(request.incident());
        InboxRow last = works.outbox().incidents().lastState(request.incident());
        if (incident == null || last == null) {
            return refuse(request, "This incident is not known any more.");
        }
        Notification notification;
        try {
            notification = WebhookJson.parse(last.raw().bytes());
        } catch (MalformedPayload e) {
            return refuse(request, "What is kept of this incident cannot be read.");
        }
        if (!mayAct(request, notification)) {
            return refuse(request, request.who() + " may not do this.");
        }
        try {
            return act(request, incident, notification);
        } catch (OutboxException e) {
            throw e;
        } catch (IOException e) {
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("action failed");
            audit(request, "failed", String.valueOf(e.getMessage()));
            works.metrics().action(request.action().word(), "failed");
            return new Answer(false, "That did not work: " + e.getMessage());
        }
    }

    /** Whether somebody is among those who may act at all. */
    boolean mayDecide(String principal) {
        return config.users().isEmpty() || config.users().contains(principal);
    }

    private boolean mayAct(Request request, Notification notification) {
        boolean named = mayDecide(request.principal()) || request.via().equals(ActionLinks.MAIL);
        for (NotifiedAlert alert : notification.alerts()) {
            for (Limit limit : limits) {
                if (limit.matchers().match(alert.labels())) {
                    if (!limit.users().contains(request.principal())) {
                        return false;
                    }
                    break;
                }
            }
        }
        return named;
    }

    private Answer act(Request request, Incidents.Incident incident, Notification notification) throws IOException {
        Handling before = works.outbox().incidents().handling(incident.id());
        if (request.action() == Action.UNSILENCE) {
            return unsilence(request, incident, before);
        }
        if (incident.closed()) {
            return refuse(request, "This incident is over.");
        }
        boolean ack = request.action() == Action.ACK;
        Duration span = ack
                ? config.ack()
                : request.action().span() == null
                        ? request.span()
                        : request.action().span();
        if (span == null || span.isNegative() || span.isZero() || span.compareTo(config.maxSilence()) > 0) {
            return refuse(request, "A silence lasts up to " + Times.span(config.maxSilence()) + ".");
        }
        Instant now = works.clock().instant();
        Handling.State state = ack ? Handling.State.ACKNOWLEDGED : Handling.State.SILENCED;
        if (alertmanagers.isEmpty() || incident.source().equals("direct")) {
            if (!ack) {
                return refuse(request, "There is no Alertmanager to set a silence at.");
            }
            return done(
                    request,
                    incident,
                    new Handling(incident.id(), before.version() + 1, state, request.who(), now, "", "", null, false),
                    "acknowledged by " + request.who());
        }
        Guarded guarded = guard(notification);
        if (guarded.refusal() != null) {
            return refuse(request, guarded.refusal());
        }
        if (!before.silence().isEmpty()) {
            expire(before);
        }
        String comment = (ack ? ACK : "") + (request.comment().isBlank() ? "from " + request.via() : request.comment());
        String id = guarded.client()
                .put(new Silence("", "", guarded.labels(), now, now.plus(span), request.who(), comment));
        Handling after = new Handling(
                incident.id(),
                before.version() + 1,
                state,
                request.who(),
                now,
                id,
                guarded.client().address(),
                now.plus(span),
                false);
        return done(
                request,
                incident,
                after,
                ack
                        ? "acknowledged by " + request.who() + ", silence " + id
                        : "silenced for " + Times.span(span) + " by " + request.who() + ", silence " + id);
    }

    private record Guarded(
            AlertmanagerClient client,
            Labels labels,
            @Nullable String refusal) {}

    // The narrowest silence that holds all that fires, at the first Alertmanager that answers.
    private Guarded guard(Notification notification) throws IOException {
        List<NotifiedAlert> firing =
                notification.alerts().stream().filter(NotifiedAlert::isFiring).toList();
        Labels labels = NotifiedAlert.shared(firing.isEmpty() ? notification.alerts() : firing);
        IOException last = new IOException("no Alertmanager answers");
        for (AlertmanagerClient client : alertmanagers) {
            try {
                if (labels.isEmpty()) {
                    return new Guarded(
                            client, labels, "Its alerts share no label: a silence would silence everything.");
                }
                int matched = client.alerts(labels).size();
                return new Guarded(
                        client,
                        labels,
                        matched > Math.max(config.maxMatched(), firing.size())
                                ? "A silence for " + labels + " would match " + matched + " alerts, more than "
                                        + config.maxMatched() + "."
                                : null);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private Answer unsilence(Request request, Incidents.Incident incident, Handling before) throws IOException {
        if (before.state() == Handling.State.OPEN) {
            return refuse(request, "Nothing was done about this incident.");
        }
        if (!before.silence().isEmpty()) {
            expire(before);
        }
        return done(
                request,
                incident,
                cleared(before, request.who(), works.clock().instant()),
                "taken back by " + request.who());
    }

    static Handling cleared(Handling before, String who, Instant now) {
        return new Handling(
                before.incident(), before.version() + 1, Handling.State.OPEN, who, now, "", "", null, false);
    }

    /** Ends a silence where it was made; one that is over already is no fault. */
    void expire(Handling handling) throws IOException {
        AlertmanagerClient client = client(handling);
        Silence silence = client == null ? null : client.silence(handling.silence());
        if (client != null && silence != null && !silence.isOver()) {
            client.expire(silence.id());
        }
    }

    /** The Alertmanager that has the silence, or another of its cluster. */
    @Nullable
    AlertmanagerClient client(Handling handling) {
        for (AlertmanagerClient client : alertmanagers) {
            if (client.address().equals(handling.source())) {
                return client;
            }
        }
        return alertmanagers.isEmpty() ? null : alertmanagers.get(0);
    }

    private Answer done(Request request, Incidents.Incident incident, Handling after, String what)
            throws OutboxException {
        works.inlet().update(incident.id(), after, what, living(incident));
        audit(request, "done", what);
        works.metrics().action(request.action().word(), "done");
        return new Answer(true, what);
    }

    /** The channels that told of an incident and can change what they told. */
    List<String> living(Incidents.Incident incident) {
        return incident.channels().stream().filter(works.living()::contains).toList();
    }

    /** What can be done about an incident now. */
    public List<Action> offers(Incidents.Incident incident, Handling handling) {
        List<Action> offers = new ArrayList<>();
        if (!incident.closed()) {
            if (handling.state() != Handling.State.ACKNOWLEDGED) {
                offers.add(Action.ACK);
            }
            if (!alertmanagers.isEmpty() && !incident.source().equals("direct")) {
                offers.addAll(List.of(Action.SILENCE_1H, Action.SILENCE_4H, Action.SILENCE));
            }
            if (handling.state() != Handling.State.OPEN) {
                offers.add(Action.UNSILENCE);
            }
        }
        return offers;
    }

    /** The addresses that an alert names, by what to call them. */
    Map<String, String> links(NotifiedAlert alert) {
        return works.addresses().of(alert.labels(), alert.annotations(), alert.generatorUrl());
    }

    /** How many alerts a silence of the incident would match now; empty labels stand for a refusal. */
    public String preview(String incident) throws OutboxException {
        InboxRow last = works.outbox().incidents().lastState(incident);
        if (last == null || alertmanagers.isEmpty()) {
            return "";
        }
        try {
            Guarded guarded = guard(WebhookJson.parse(last.raw().bytes()));
            List<ActiveAlert> matched = guarded.client().alerts(guarded.labels());
            return guarded.refusal() != null
                    ? guarded.refusal()
                    : "A silence for " + guarded.labels() + " matches " + matched.size() + " alerts now.";
        } catch (IOException | MalformedPayload e) {
            return "Alertmanager cannot be asked now: " + e.getMessage();
        }
    }

    private void audit(Request request, String result, String detail) throws OutboxException {
        Outbox.await(works.outbox()
                .audit(new Deed(
                        works.clock().instant(),
                        request.who(),
                        request.via(),
                        request.action().word(),
                        request.incident(),
                        result,
                        detail)));
        logger.atInfo()
                .addKeyValue("who", request.who())
                .addKeyValue("via", request.via())
                .addKeyValue("action", request.action().word())
                .addKeyValue("incident", request.incident())
                .addKeyValue("result", result)
                .log("action");
    }

    ActionConfig config() {
        return config;
    }

    Works works() {
        return works;
    }
}
