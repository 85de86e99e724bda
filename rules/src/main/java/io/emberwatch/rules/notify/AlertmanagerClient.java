package io.emberwatch.rules.notify;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.AlertSink;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.rules.discovery.Discovery;
import io.emberwatch.rules.discovery.DiscoveryMetrics;
import io.emberwatch.rules.discovery.TargetGroup;
import io.emberwatch.rules.settings.ClientFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger logger = LoggerFactory.getLogger("notify");

    private final NotifyEvents events;
    private final ClientFactory clients = new ClientFactory();
    private final List<Discovery> discoveries = new ArrayList<>();
    private volatile List<AlertmanagerLink> links = List.of();

    // Guarded by this.
    private List<AlertmanagerConfig> fixed = List.of();
    private List<Found> groups = List.of();

    /** The Alertmanagers of one group, by where they were found; static ones under the empty name. */
    private record Found(AlertmanagerGroup group, Map<String, List<TargetGroup>> targets) {}

    /** Sends to nobody until told otherwise. */
    public AlertmanagerClient(NotifyEvents events) {
        this.events = events;
    }

    /**
     * Sends to other Alertmanagers from now on; those that stay keep their queue.
     *
     * @param scheduler for those that are discovered
     */
    public synchronized void replace(
            List<AlertmanagerConfig> alertmanagers,
            List<AlertmanagerGroup> wanted,
            Scheduler scheduler,
            DiscoveryMetrics metrics) {
        discoveries.forEach(Discovery::close);
        discoveries.clear();
        List<Found> before = groups;
        fixed = List.copyOf(alertmanagers);
        groups = wanted.stream().map(group -> found(group, before)).toList();
        for (Found found : groups) {
            Discovery.Means means = new Discovery.Means(scheduler, clients, metrics);
            discoveries.add(Discovery.start(
                    "alertmanagers",
                    found.group().sources(),
                    (source, targets) -> discovered(found, source, targets),
                    means));
        }
        renew();
    }

    // What was discovered stays until it is looked for again.
    private static Found found(AlertmanagerGroup group, List<Found> before) {
        Map<String, List<TargetGroup>> targets = new LinkedHashMap<>();
        before.stream()
                .filter(known -> known.group().equals(group))
                .findFirst()
                .ifPresent(known -> targets.putAll(known.targets()));
        targets.put("", group.sources().groups());
        return new Found(group, targets);
    }

    private synchronized void discovered(Found found, String source, List<TargetGroup> targets) {
        found.targets().put(source, targets);
        renew();
    }

    private void renew() {
        Set<AlertmanagerSettings> wanted = new LinkedHashSet<>();
        fixed.forEach(config -> wanted.add(config.settings()));
        for (Found found : groups) {
            for (List<TargetGroup> lists : found.targets().values()) {
                lists.forEach(list -> list.targets().forEach(target -> add(found.group(), target, wanted)));
            }
        }
        List<AlertmanagerLink> before = new ArrayList<>(links);
        List<AlertmanagerLink> after = new ArrayList<>();
        for (AlertmanagerSettings settings : wanted) {
            AlertmanagerLink same = before.stream()
                    .filter(link -> link.settings().equals(settings))
                    .findFirst()
                    .orElse(null);
            if (same != null) {
                before.remove(same);
                after.add(same);
            } else {
                AlertmanagerLink link =
                        new AlertmanagerLink(settings, CAPACITY, clients.client(settings.http()), events);
                link.start();
                after.add(link);
            }
        }
        links = List.copyOf(after);
        drain(before);
    }

    private static void add(AlertmanagerGroup group, Labels target, Set<AlertmanagerSettings> into) {
        try {
            AlertmanagerSettings settings = group.settings(target);
            if (settings != null) {
                into.add(settings);
            }
        } catch (IllegalArgumentException e) {
            logger.atWarn()
                    .addKeyValue("labels", target)
                    .addKeyValue("reason", e.getMessage())
                    .log("no Alertmanager can be made of a discovered target");
        }
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
        discoveries.forEach(Discovery::close);
        discoveries.clear();
        List<AlertmanagerLink> gone = links;
        links = List.of();
        drain(gone);
        clients.close();
    }
}
