package io.emberwatch.bridge.reconcile;

import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.render.Times;
import io.emberwatch.bridge.route.Matchers;
import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Swallows the alert that always fires, and raises one of its own when that falls silent. Unless it is expected from the
 * start, its silence counts once it was heard.
 */
public final class Watchdog {
    /** What its own notifications are known by. */
    public static final String SOURCE = "watchdog";

    private static final Labels LABELS = Labels.of("alertname", "WatchdogSilent", "severity", "critical");
    private static final Logger logger = LoggerFactory.getLogger("bridge.watchdog");

    private final WatchdogConfig config;
    private final Matchers matchers;
    private final BridgeMetrics metrics;
    private boolean expected;
    private Instant heard;
    private @Nullable Instant silentSince;
    private boolean raised;

    /** Takes its notifications; on return they are on disk. */
    @FunctionalInterface
    public interface Taker {
        void take(String source, Notification notification, Payload raw) throws OutboxException;
    }

    /** @param expected whether it must be heard although it never was */
    public Watchdog(WatchdogConfig config, boolean expected, Instant now, BridgeMetrics metrics) {
        this.config = config;
        this.matchers = new Matchers(config.matchers());
        this.expected = expected;
        this.heard = now;
        this.metrics = metrics;
        if (expected) {
            metrics.watchdog(now);
        }
    }

    /** The alert that an earlier process has raised still stands. */
    public synchronized void goOn(Instant now) {
        raised = true;
        expected = true;
        silentSince = now;
    }

    /** Whether these are the labels of the alert that always fires. */
    public boolean isSignOfLife(Labels labels) {
        return matchers.match(labels);
    }

    /** Takes the signs of life out of what a rule engine sends. */
    public List<Alert> rest(List<Alert> sent, Instant now) {
        List<Alert> rest = new ArrayList<>();
        for (Alert alert : sent) {
            if (!isSignOfLife(alert.labels())) {
                rest.add(alert);
            } else if (!alert.isResolvedAt(now)) {
                hear(now);
            }
        }
        return rest;
    }

    private synchronized void hear(Instant now) {
        heard = now;
        expected = true;
        metrics.watchdog(now);
    }

    /** Whether a notification is the watchdog's sign of life, which goes no further. */
    public boolean takes(Notification notification, Instant now) {
        if (!notification.alerts().stream().allMatch(alert -> isSignOfLife(alert.labels()))) {
            return false;
        }
        if (notification.isFiring()) {
            hear(now);
        }
        return true;
    }

    /** Looks once. */
    public synchronized void look(Instant now, Taker taker) {
        boolean silent = expected && Duration.between(heard, now).compareTo(config.timeout()) >= 0;
        try {
            if (silent && !raised) {
                silentSince = now;
                tell(now, null, taker);
                raised = true;
            } else if (!silent && raised) {
                tell(now, now, taker);
                raised = false;
                silentSince = null;
            }
        } catch (OutboxException e) {
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("the watchdog's silence cannot be reported now");
        }
    }

    private void tell(Instant now, @Nullable Instant over, Taker taker) throws OutboxException {
        Instant since = silentSince == null ? now : silentSince;
        NotifiedAlert alert = new NotifiedAlert(
                NotifiedAlert.fingerprintOf(LABELS),
                LABELS,
                Labels.of(
                        "summary",
                        "No watchdog alert for " + Times.span(config.timeout())
                                + ": alerts may not come through from Prometheus and Alertmanager.",
                        "description",
                        "The last one came at " + heard + "."),
                since,
                over,
                "");
        Notification notification =
                new Notification(SOURCE, SOURCE, LABELS.keeping(List.of("alertname")), List.of(alert), 0, "", "");
        taker.take(SOURCE, notification, Payload.of(WebhookJson.write(notification)));
        logger.atWarn().addKeyValue("silent", over == null).log("watchdog");
    }
}
