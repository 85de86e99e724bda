package io.emberwatch.bridge.direct;

import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.AlertSink;
import io.emberwatch.model.time.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes alerts straight from a rule engine and makes notifications of them, as Alertmanager's dispatcher does in its
 * simplest form: grouped, first told after a wait, told of changes at an interval, repeated at a longer one. An alert is
 * over when its end has come, whether it was sent with that end or was not heard of again.
 *
 * <p>At most {@value #MAX_ALERTS} alerts are known at once; more are refused and counted.
 *
 * @see <a href="https://prometheus.io/docs/alerting/latest/configuration/#route">route</a>
 */
public final class DirectAlerts implements AlertSink {
    static final int MAX_ALERTS = 20_000;

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Logger logger = LoggerFactory.getLogger("bridge.direct");

    private final GroupingConfig config;
    private final InstantSource clock;
    private final Taker taker;
    private final BridgeMetrics metrics;
    private final String externalUrl;
    private final Map<Labels, AlertGroup> groups = new HashMap<>();
    private Scheduler.@Nullable Task task;
    private int alerts;

    /** Where notifications go; on return they are on disk. */
    @FunctionalInterface
    public interface Taker {
        void take(Notification notification, Payload raw) throws IOException;
    }

    public DirectAlerts(
            GroupingConfig config, InstantSource clock, Taker taker, BridgeMetrics metrics, String externalUrl) {
        this.config = config;
        this.clock = clock;
        this.taker = taker;
        this.metrics = metrics;
        this.externalUrl = externalUrl;
    }

    /**
     * Begins to flush groups.
     *
     * @param open bodies of the notifications that an earlier process told last of groups that were still firing
     */
    public void start(Scheduler scheduler, List<Payload> open) {
        open.forEach(this::restore);
        task = scheduler.every("bridge-direct", TICK, Duration.ZERO, at -> flush());
    }

    public void stop() {
        Scheduler.Task running = task;
        if (running != null) {
            running.close();
        }
    }

    private synchronized void restore(Payload raw) {
        Instant now = clock.instant();
        try {
            Notification notification = WebhookJson.parse(raw.bytes());
            Map<String, Alert> firing = new HashMap<>();
            for (NotifiedAlert alert : notification.alerts()) {
                if (alert.isFiring()) {
                    firing.put(
                            alert.fingerprint(),
                            new Alert(
                                    alert.labels(),
                                    alert.annotations(),
                                    alert.startsAt(),
                                    now.plus(config.resolveTimeout()),
                                    alert.generatorUrl()));
                }
            }
            AlertGroup group = new AlertGroup(notification.groupLabels(), now.plus(config.groupInterval()));
            group.restore(firing, now);
            groups.put(notification.groupLabels(), group);
            alerts += group.size();
        } catch (MalformedPayload e) {
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("group cannot be restored");
        }
    }

    @Override
    public synchronized void send(List<Alert> sent) {
        Instant now = clock.instant();
        for (Alert alert : sent) {
            put(alert, now);
        }
    }

    private void put(Alert alert, Instant now) {
        Labels key = groupLabels(alert.labels());
        String fingerprint = NotifiedAlert.fingerprintOf(alert.labels());
        AlertGroup group = groups.get(key);
        boolean known = group != null && group.has(fingerprint);
        if (!known && alert.isResolvedAt(now)) {
            return; // over before it was told
        }
        if (!known && alerts >= MAX_ALERTS) {
            metrics.directDropped();
            return;
        }
        if (group == null) {
            group = new AlertGroup(key, now.plus(config.groupWait()));
            groups.put(key, group);
        }
        group.put(fingerprint, alert);
        alerts += known ? 0 : 1;
        group.hasten(later(now, alert.startsAt().plus(config.groupWait())));
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private Labels groupLabels(Labels labels) {
        return config.groupBy().contains(GroupingConfig.ALL) ? labels : labels.keeping(config.groupBy());
    }

    private void flush() {
        Instant now = clock.instant();
        for (AlertGroup group : due(now)) {
            flush(group, now);
        }
    }

    private synchronized List<AlertGroup> due(Instant now) {
        return new ArrayList<>(
                groups.values().stream().filter(group -> group.isDue(now)).toList());
    }

    private void flush(AlertGroup group, Instant now) {
        AlertGroup.Flush flush;
        synchronized (this) {
            flush = group.flush(now, config.repeatInterval());
        }
        boolean taken = flush == null || take(flush, now);
        synchronized (this) {
            int before = group.size();
            if (!taken) {
                group.flushAt(now.plus(RETRY));
            } else if (flush != null) {
                group.told(flush, now);
                group.flushAt(now.plus(config.groupInterval()));
            } else {
                group.forgetResolved(now);
                group.flushAt(now.plus(config.groupInterval()));
            }
            alerts -= before - group.size();
            if (group.isEmpty()) {
                groups.remove(group.labels());
            }
        }
    }

    private boolean take(AlertGroup.Flush flush, Instant now) {
        Notification notification = flush.notification(config.receiver(), now, externalUrl);
        try {
            taker.take(notification, Payload.of(WebhookJson.write(notification)));
            return true;
        } catch (IOException e) {
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("notification cannot be stored, will try again");
            return false;
        }
    }
}
