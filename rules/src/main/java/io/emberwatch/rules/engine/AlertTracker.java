package io.emberwatch.rules.engine;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The alerts of one rule from evaluation to evaluation, as Prometheus 3.14 keeps them ({@code rules/alerting.go}) and
 * the Alert Generator Compliance Specification 1.0 describes them. Time is a parameter throughout.
 *
 * <p>An alert begins pending; fires once the expression has given it for the hold duration; is resolved when the
 * expression no longer gives it, or {@code keep_firing_for} later; and is remembered as resolved for 15 minutes, so that
 * the resolution can be sent again. Not safe for several threads.
 */
final class AlertTracker {
    /** How long a resolved alert goes on being sent. */
    static final Duration RESOLVED_RETENTION = Duration.ofMinutes(15);

    /** The series of pending and firing alerts, value 1. */
    static final String ALERTS = "ALERTS";

    /** The series that say since when alerts are active, in seconds since the epoch; the memory of a restart. */
    static final String ALERTS_FOR_STATE = "ALERTS_FOR_STATE";

    static final String ALERT_STATE = "alertstate";

    private static final long NEVER = Long.MIN_VALUE;

    /**
     * What an evaluation gave for one alert.
     *
     * @param series the labels that the expression gave it
     */
    record Observed(Labels labels, AnnotationText annotations, double value, Labels series) {
        Observed(Labels labels, AnnotationText annotations, double value) {
            this(labels, annotations, value, labels);
        }
    }

    /** What happens at an evaluation beyond what Prometheus does. */
    interface Deviation {
        Deviation NONE = new Deviation() {};

        /**
         * Whether an alert that was not given stays as it is.
         *
         * @param since when it was first not given
         */
        default boolean keeps(Labels series, Instant since) {
            return false;
        }

        /** What a resolved alert shows, or null for what it showed last. */
        default @Nullable Observed resolved(Labels series) {
            return null;
        }
    }

    private static final class Tracked {
        final Labels labels;
        Labels series;
        AnnotationText annotations;
        AlertState state = AlertState.PENDING;
        double value;
        long activeAt;
        long firedAt = NEVER;
        long resolvedAt = NEVER;
        long lastSentAt = NEVER;
        long validUntil = NEVER;
        long keepFiringSince = NEVER;
        long missingSince = NEVER;

        @Nullable
        Labels pendingSeries;

        @Nullable
        Labels firingSeries;

        @Nullable
        Labels forStateSeries;

        Tracked(Observed observed, long activeAt) {
            this.labels = observed.labels();
            this.series = observed.series();
            this.annotations = observed.annotations();
            this.value = observed.value();
            this.activeAt = activeAt;
        }
    }

    private final long holdFor;
    private final long keepFiringFor;
    private final Labels ruleLabels;
    private final Map<Labels, Tracked> alerts = new LinkedHashMap<>();

    /** @param ruleLabels the rule's labels as written, which the series of its alerts carry where an alert lacks them */
    AlertTracker(Duration holdFor, Duration keepFiringFor, Labels ruleLabels) {
        this.holdFor = holdFor.toMillis();
        this.keepFiringFor = keepFiringFor.toMillis();
        this.ruleLabels = ruleLabels;
    }

    /**
     * Takes what the expression gave at one time.
     *
     * @param limit how many alerts may be active; 0 for any number
     * @throws RuleFailure when two have the same labels, and nothing changes; or there are more than the limit, and all
     *     are forgotten
     */
    void observe(Instant at, List<Observed> observed, int limit, Deviation deviation) throws RuleFailure {
        Map<Labels, Observed> byLabels = new LinkedHashMap<>(observed.size() * 2);
        for (Observed one : observed) {
            if (byLabels.put(one.labels(), one) != null) {
                throw new RuleFailure("vector contains metrics with the same labelset after applying alert labels");
            }
        }
        long now = at.toEpochMilli();
        byLabels.forEach((labels, one) -> {
            Tracked known = alerts.get(labels);
            if (known != null && known.state != AlertState.INACTIVE) {
                known.value = one.value();
                known.annotations = one.annotations();
                known.series = one.series();
            } else {
                alerts.put(labels, new Tracked(one, now));
            }
        });
        int active = 0;
        for (Iterator<Tracked> all = alerts.values().iterator(); all.hasNext(); ) {
            Tracked alert = all.next();
            if (byLabels.containsKey(alert.labels)) {
                present(alert, now);
                active++;
            } else if (isKept(alert, at, deviation) || keepsFiring(alert, now)) {
                active++;
            } else if (isOver(alert, now, deviation)) {
                all.remove();
            }
        }
        if (limit > 0 && active > limit) {
            alerts.clear();
            throw new RuleFailure("exceeded limit of " + limit + " with " + active + " alerts");
        }
    }

    private static boolean isKept(Tracked alert, Instant at, Deviation deviation) {
        if (alert.state == AlertState.INACTIVE) {
            return false;
        }
        if (alert.missingSince == NEVER) {
            alert.missingSince = at.toEpochMilli();
        }
        return deviation.keeps(alert.series, Instant.ofEpochMilli(alert.missingSince));
    }

    private void present(Tracked alert, long now) {
        alert.keepFiringSince = NEVER;
        alert.missingSince = NEVER;
        long activeFor = now - alert.activeAt;
        if (alert.state == AlertState.PENDING && activeFor >= holdFor) {
            alert.state = AlertState.FIRING;
            alert.firedAt = now;
        } else if (alert.state == AlertState.FIRING && activeFor < holdFor) {
            // The hold duration was raised by a reload.
            alert.state = AlertState.PENDING;
            alert.firedAt = NEVER;
            alert.lastSentAt = NEVER;
        }
    }

    private boolean keepsFiring(Tracked alert, long now) {
        if (alert.state != AlertState.FIRING || keepFiringFor == 0) {
            return false;
        }
        if (alert.keepFiringSince == NEVER) {
            alert.keepFiringSince = now;
        }
        return now - alert.keepFiringSince < keepFiringFor;
    }

    // Whether an alert that is no longer given can be forgotten; one that fired is resolved first.
    private static boolean isOver(Tracked alert, long now, Deviation deviation) {
        if (alert.state == AlertState.PENDING) {
            return true;
        }
        if (alert.state == AlertState.FIRING) {
            alert.state = AlertState.INACTIVE;
            alert.resolvedAt = now;
            Observed last = deviation.resolved(alert.series);
            if (last != null) {
                alert.value = last.value();
                alert.annotations = last.annotations();
            }
            return false;
        }
        return now - alert.resolvedAt > RESOLVED_RETENTION.toMillis();
    }

    /** The series {@code ALERTS} and {@code ALERTS_FOR_STATE} of the active alerts at one time. */
    void series(Instant at, List<Sample> samples) {
        long now = at.toEpochMilli();
        for (Tracked alert : alerts.values()) {
            if (alert.state != AlertState.INACTIVE) {
                samples.add(new Sample(stateSeries(alert), now, 1));
                samples.add(new Sample(forStateSeries(alert), now, Math.floorDiv(alert.activeAt, 1000)));
            }
        }
    }

    private Labels stateSeries(Tracked alert) {
        boolean firing = alert.state == AlertState.FIRING;
        Labels series = firing ? alert.firingSeries : alert.pendingSeries;
        if (series == null) {
            series = withRuleLabels(alert.labels)
                    .set(Labels.METRIC_NAME, ALERTS)
                    .set(ALERT_STATE, alert.state.text())
                    .build();
            if (firing) {
                alert.firingSeries = series;
            } else {
                alert.pendingSeries = series;
            }
        }
        return series;
    }

    private Labels forStateSeries(Tracked alert) {
        Labels series = alert.forStateSeries;
        if (series == null) {
            series = withRuleLabels(alert.labels)
                    .set(Labels.METRIC_NAME, ALERTS_FOR_STATE)
                    .build();
            alert.forStateSeries = series;
        }
        return series;
    }

    private Labels.Builder withRuleLabels(Labels labels) {
        Labels.Builder builder = ruleLabels.toBuilder();
        for (int i = 0; i < labels.size(); i++) {
            builder.set(labels.name(i), labels.value(i));
        }
        return builder;
    }

    /** The labels that an alert's series carry beside their name and state. */
    Labels seriesLabels(Labels alert) {
        return withRuleLabels(alert).build();
    }

    /**
     * What has to be sent at one time, which counts as sent from then on: firing and resolved alerts that were never
     * sent, were resolved since, or were sent longer than {@code resendDelay} ago.
     *
     * @param interval of the rule's group; a firing alert is valid until four times this or the resend delay have gone by
     */
    List<Alert> due(Instant at, Duration resendDelay, Duration interval, String generatorUrl) {
        long now = at.toEpochMilli();
        long validity = 4 * Math.max(resendDelay.toMillis(), interval.toMillis());
        List<Alert> due = new ArrayList<>();
        for (Tracked alert : alerts.values()) {
            if (needsSending(alert, now, resendDelay.toMillis())) {
                alert.lastSentAt = now;
                alert.validUntil = now + validity;
                long end = alert.state == AlertState.INACTIVE ? alert.resolvedAt : alert.validUntil;
                due.add(new Alert(
                        alert.labels,
                        alert.annotations.labels(),
                        Instant.ofEpochMilli(alert.firedAt),
                        Instant.ofEpochMilli(end),
                        generatorUrl));
            }
        }
        return due;
    }

    private static boolean needsSending(Tracked alert, long now, long resendDelay) {
        if (alert.state == AlertState.PENDING) {
            return false;
        }
        boolean neverSent = alert.lastSentAt == NEVER;
        return neverSent || alert.resolvedAt > alert.lastSentAt || alert.lastSentAt + resendDelay < now;
    }

    /** The pending and firing alerts. */
    List<ActiveAlert> active() {
        List<ActiveAlert> active = new ArrayList<>();
        for (Tracked alert : alerts.values()) {
            if (alert.state != AlertState.INACTIVE) {
                active.add(new ActiveAlert(
                        alert.state,
                        alert.labels,
                        alert.annotations.labels(),
                        alert.value,
                        Instant.ofEpochMilli(alert.activeAt),
                        alert.keepFiringSince == NEVER ? null : Instant.ofEpochMilli(alert.keepFiringSince)));
            }
        }
        return active;
    }

    /** The furthest state of any alert. */
    AlertState state() {
        AlertState state = AlertState.INACTIVE;
        for (Tracked alert : alerts.values()) {
            if (alert.state == AlertState.FIRING) {
                return AlertState.FIRING;
            }
            state = alert.state == AlertState.PENDING ? AlertState.PENDING : state;
        }
        return state;
    }

    /** Shows the labels and times of the active alerts, to correct the times after a restart. */
    void forEachActive(Consumer<Restorable> action) {
        for (Tracked alert : alerts.values()) {
            if (alert.state != AlertState.INACTIVE) {
                action.accept(new Restorable(alert));
            }
        }
    }

    /** An active alert whose beginning may be corrected. */
    static final class Restorable {
        private final Tracked alert;

        private Restorable(Tracked alert) {
            this.alert = alert;
        }

        Labels labels() {
            return alert.labels;
        }

        void activeSince(Instant instant) {
            alert.activeAt = instant.toEpochMilli();
        }
    }

    boolean isTracked(Labels labels) {
        return alerts.containsKey(labels);
    }

    /**
     * Takes up an alert that fired before a restart and is kept firing though the expression no longer gives it.
     *
     * @param keepFiringSince when the expression first did not give it
     */
    void restoreFiring(Observed observed, Instant activeAt, Instant keepFiringSince) {
        Tracked alert = new Tracked(observed, activeAt.toEpochMilli());
        alert.state = AlertState.FIRING;
        alert.firedAt = alert.activeAt + holdFor;
        alert.keepFiringSince = keepFiringSince.toEpochMilli();
        alerts.putIfAbsent(observed.labels(), alert);
    }

    /** Takes over all alerts of the same rule as it was before a reload. */
    void copyFrom(AlertTracker before) {
        before.alerts.forEach((labels, alert) -> {
            alert.pendingSeries = null;
            alert.firingSeries = null;
            alert.forStateSeries = null;
            alerts.put(labels, alert);
        });
    }

    int size() {
        return alerts.size();
    }
}
