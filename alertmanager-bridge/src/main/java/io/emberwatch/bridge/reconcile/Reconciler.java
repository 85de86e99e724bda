package io.emberwatch.bridge.reconcile;

import io.emberwatch.bridge.alertmanager.ActiveAlert;
import io.emberwatch.bridge.alertmanager.AlertmanagerClient;
import io.emberwatch.bridge.delivery.Inlet;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.Handling;
import io.emberwatch.bridge.outbox.InboxRow;
import io.emberwatch.bridge.outbox.Incidents;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.route.Matchers;
import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QuerySource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what the Alertmanagers have with what the bridge was told, and takes in the difference as if it had been told.
 *
 * <p>Alertmanager never tells of an alert that fired and was resolved while its receiver could not be reached, nor of the
 * end of an alert that is silenced. The first is found by asking Prometheus after an outage, the second by its absence.
 */
public final class Reconciler {
    private static final String ALIVE = "alive";
    private static final Logger logger = LoggerFactory.getLogger("bridge.reconcile");

    private final ReconcileConfig config;
    private final List<AlertmanagerClient> alertmanagers;
    private final @Nullable OutageReview review;
    private final Matchers matchers;
    private final Works works;
    private final Map<String, Instant> missing = new HashMap<>();
    private final Map<String, Instant> strange = new HashMap<>();
    private @Nullable Instant answered;

    /**
     * What it works with.
     *
     * @param signOfLife labels of the alert that always fires, which is nobody's to tell
     */
    public record Works(Outbox outbox, Inlet inlet, BridgeMetrics metrics, Predicate<Labels> signOfLife) {}

    /** @param prometheus who is asked after an outage, or null */
    public Reconciler(
            ReconcileConfig config,
            List<AlertmanagerClient> alertmanagers,
            @Nullable QuerySource prometheus,
            Works works) {
        this.config = config;
        this.alertmanagers = List.copyOf(alertmanagers);
        this.matchers = new Matchers(config.matchers());
        this.works = works;
        this.review = prometheus == null ? null : new OutageReview(config, prometheus, works);
    }

    /** Remembers an outage that ended with this start. Call once, before the first {@link #look}. */
    public void begin(Instant now) throws OutboxException {
        Instant alive = works.outbox().incidents().mark(ALIVE);
        if (alive != null && Duration.between(alive, now).compareTo(config.outage()) > 0) {
            outage(alive, now);
        }
    }

    private void outage(Instant from, Instant to) {
        logger.atWarn().addKeyValue("from", from).addKeyValue("to", to).log("notifications may have been missed");
        if (review != null) {
            review.outage(from, to);
        }
    }

    /** Looks once. */
    public void look(Instant now) {
        try {
            List<ActiveAlert> alerts = new ArrayList<>();
            boolean all = ask(alerts);
            Outbox.await(works.outbox().mark(ALIVE, now));
            if (all && !alertmanagers.isEmpty()) {
                Instant last = answered;
                if (last != null && Duration.between(last, now).compareTo(config.outage()) > 0) {
                    outage(last, now);
                }
                answered = now;
                compare(alerts, now);
            }
            if (review != null) {
                review.look(now);
            }
        } catch (OutboxException e) {
            logger.atDebug().setCause(e).log("not compared with Alertmanager");
        }
    }

    private boolean ask(List<ActiveAlert> alerts) {
        boolean all = true;
        for (AlertmanagerClient client : alertmanagers) {
            try {
                alerts.addAll(client.alerts());
                works.metrics().alertmanager(client.address(), true);
            } catch (IOException e) {
                all = false;
                works.metrics().alertmanager(client.address(), false);
                logger.atInfo()
                        .addKeyValue("alertmanager", client.address())
                        .addKeyValue("reason", e.getMessage())
                        .log("Alertmanager cannot be asked");
            }
        }
        return all;
    }

    private void compare(List<ActiveAlert> alerts, Instant now) throws OutboxException {
        Set<String> present = new HashSet<>();
        alerts.forEach(alert -> present.add(alert.fingerprint()));
        Set<String> known = new HashSet<>();
        Map<String, Handling> handled = works.outbox().incidents().handled();
        Set<String> open = new HashSet<>();
        for (Incidents.Incident incident : works.outbox().incidents().open()) {
            known.addAll(incident.firing());
            if (isOfAlertmanager(incident)) {
                open.add(incident.id());
                settle(incident, present, handled.containsKey(incident.id()), now);
            }
        }
        missing.keySet().retainAll(open);
        Set<String> still = new HashSet<>();
        for (ActiveAlert alert : alerts) {
            if (isMissed(alert, known)) {
                still.add(alert.fingerprint());
                Instant since = strange.computeIfAbsent(alert.fingerprint(), id -> now);
                if (Duration.between(since, now).compareTo(config.firingGrace()) >= 0
                        && known.add(alert.fingerprint())) {
                    report(alert);
                }
            }
        }
        strange.keySet().retainAll(still);
    }

    private static boolean isOfAlertmanager(Incidents.Incident incident) {
        return incident.source().equals("webhook") || incident.source().equals("reconcile");
    }

    private boolean isMissed(ActiveAlert alert, Set<String> known) {
        return alert.state().equals("active")
                && !known.contains(alert.fingerprint())
                && matchers.match(alert.labels())
                && !works.signOfLife().test(alert.labels())
                && (config.receivers().isEmpty() || alert.receivers().stream().anyMatch(config.receivers()::contains));
    }

    private void report(ActiveAlert alert) throws OutboxException {
        NotifiedAlert told = new NotifiedAlert(
                alert.fingerprint(), alert.labels(), alert.annotations(), alert.startsAt(), null, alert.generatorUrl());
        take(
                new Notification(
                        alert.receivers().isEmpty()
                                ? "reconcile"
                                : alert.receivers().get(0),
                        "reconcile:" + alert.fingerprint(),
                        alert.labels().keeping(List.of("alertname", "cluster")),
                        List.of(told),
                        0,
                        Notification.BRIDGE + "Alertmanager has this alert, but did not tell of it",
                        ""),
                "firing");
    }

    private void settle(Incidents.Incident incident, Set<String> present, boolean handled, Instant now)
            throws OutboxException {
        if (incident.firing().stream().anyMatch(present::contains)) {
            missing.remove(incident.id());
            return;
        }
        Instant since = missing.computeIfAbsent(incident.id(), id -> now);
        Duration grace = handled ? config.silencedGrace() : config.resolvedGrace();
        if (Duration.between(since, now).compareTo(grace) < 0) {
            return;
        }
        InboxRow last = works.outbox().incidents().lastState(incident.id());
        if (last == null) {
            return;
        }
        try {
            Notification state = WebhookJson.parse(last.raw().bytes()).withReceiver(incident.receiver());
            List<NotifiedAlert> over = state.alerts().stream()
                    .map(alert -> new NotifiedAlert(
                            alert.fingerprint(),
                            alert.labels(),
                            alert.annotations(),
                            alert.startsAt(),
                            alert.endsAt() == null ? since : alert.endsAt(),
                            alert.generatorUrl()))
                    .toList();
            take(
                    new Notification(
                            state.receiver(),
                            state.groupKey(),
                            state.groupLabels(),
                            over,
                            0,
                            Notification.BRIDGE + "found to be over: Alertmanager has it no more",
                            state.externalUrl()),
                    "resolved");
        } catch (MalformedPayload e) {
            logger.atWarn().addKeyValue("incident", incident.id()).log("what is kept of an incident cannot be read");
        }
    }

    private void take(Notification notification, String kind) throws OutboxException {
        works.inlet().take("reconcile", notification, Payload.of(WebhookJson.write(notification)));
        works.metrics().missed(kind);
        logger.atWarn()
                .addKeyValue("alert", notification.alerts().get(0).labels())
                .addKeyValue("state", kind)
                .log("found what nobody told");
    }
}
