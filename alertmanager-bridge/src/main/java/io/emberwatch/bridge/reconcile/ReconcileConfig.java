package io.emberwatch.bridge.reconcile;

import io.emberwatch.bridge.route.Matchers;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.promapi.PrometheusClientConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the bridge looks for what it was not told.
 *
 * @param interval how often the Alertmanagers are asked
 * @param receivers Alertmanager's receivers that post to this bridge; empty for all
 * @param matchers which alerts are looked for; empty for all
 * @param firingGrace for how long an alert may fire at an Alertmanager before it counts as missed; above the time in
 *     which Alertmanager tells of it by itself, its {@code group_interval}
 * @param resolvedGrace for how long the alerts of an incident must be gone from every Alertmanager before it counts as
 *     over; incidents that are silenced, of whose end Alertmanager never tells, need only {@code silencedGrace}
 * @param prometheus who is asked, after an outage, what fired and was resolved meanwhile
 * @param outage after how long without a sign of life there was an outage
 * @param shortest alerts that fired for less are not reported after an outage
 */
public record ReconcileConfig(
        @Default("15s") Duration interval,
        @Default("[]") List<String> receivers,
        @Default("[]") List<String> matchers,
        @Default("6m") Duration firingGrace,
        @Default("6m") Duration resolvedGrace,
        @Default("45s") Duration silencedGrace,
        @Nullable PrometheusClientConfig prometheus,
        @Default("45s") Duration outage,
        @Default("0s") Duration shortest) {
    public ReconcileConfig {
        receivers = List.copyOf(receivers);
        matchers = List.copyOf(matchers);
        try {
            new Matchers(matchers);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("matchers: " + e.getMessage(), e);
        }
        if (interval.toMillis() < 1000 || outage.compareTo(interval) < 0) {
            throw new IllegalArgumentException("interval: expected at least 1s, and outage at least as long");
        }
        if (firingGrace.isNegative() || resolvedGrace.isNegative() || silencedGrace.isNegative()) {
            throw new IllegalArgumentException("firing_grace, resolved_grace, silenced_grace: must not be negative");
        }
    }
}
