package io.emberwatch.rules.notify;

import io.emberwatch.model.Alert;
import io.emberwatch.model.flow.AlertSink;
import io.emberwatch.model.flow.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends every alert to every Alertmanager, through API v2.
 *
 * <p>Each Alertmanager has a queue of its own, so that one that is slow or gone holds up no other: up to {@value
 * #CAPACITY} alerts, the oldest dropped beyond that. A request that fails is not repeated; a firing alert comes again
 * with its next resend, and a resolved one for fifteen minutes. On {@link #close} the queues are drained.
 */
public final class AlertmanagerClient implements AlertSink, AutoCloseable {
    /** How many alerts wait for one Alertmanager at most. */
    public static final int CAPACITY = 10_000;

    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final NotifyEvents events;
    private volatile List<AlertmanagerLink> links = List.of();

    public AlertmanagerClient(List<AlertmanagerConfig> alertmanagers, NotifyEvents events) {
        this.events = events;
        replace(alertmanagers);
    }

    /** Sends to other Alertmanagers from now on; those that stay keep their queue. */
    public synchronized void replace(List<AlertmanagerConfig> alertmanagers) {
        List<AlertmanagerLink> before = new ArrayList<>(links);
        List<AlertmanagerLink> after = new ArrayList<>();
        for (AlertmanagerConfig config : alertmanagers) {
            AlertmanagerLink same = before.stream()
                    .filter(link -> link.config().equals(config))
                    .findFirst()
                    .orElse(null);
            if (same != null) {
                before.remove(same);
                after.add(same);
            } else {
                AlertmanagerLink link = new AlertmanagerLink(config, CAPACITY, events);
                link.start();
                after.add(link);
            }
        }
        links = List.copyOf(after);
        drain(before);
    }

    @Override
    public void send(List<Alert> alerts) {
        for (AlertmanagerLink link : links) {
            link.offer(alerts);
        }
    }

    /** The addresses that alerts are posted to. */
    public List<String> addresses() {
        return links.stream().map(AlertmanagerLink::name).toList();
    }

    private static void drain(List<AlertmanagerLink> gone) {
        gone.forEach(AlertmanagerLink::close);
        Deadline deadline = Deadline.after(DRAIN);
        gone.forEach(link -> link.drain(deadline.remaining()));
    }

    /** Sends what is queued, for up to five seconds, and ends. */
    @Override
    public synchronized void close() {
        List<AlertmanagerLink> gone = links;
        links = List.of();
        drain(gone);
    }
}
