package io.emberwatch.rules.engine;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.rules.template.Template.Dependence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up the alerts of before a restart from their series, so that a restart neither delays an alert nor resolves it.
 *
 * <p>Prometheus restores the beginning of alerts whose hold duration is at least the grace period. This restores the
 * others too, and alerts that were firing only because of {@code keep_firing_for}: since when, it finds out by asking
 * the rule's expression over the time before the outage.
 *
 * <p>Range selectors pass over stale markers, so whether an alert had ended before the outage is asked at a time shortly
 * after its last sample. For groups with an interval of the look-back of five minutes or more this cannot be told, and
 * an alert of the tolerated past counts as not ended.
 */
final class AlertRestorer {
    private static final Logger logger = LoggerFactory.getLogger("rules");
    private static final Duration WITHIN_LOOKBACK = Duration.ofMinutes(5).minusMillis(1);
    private static final int MAX_CHECKS = 50;
    private static final int MAX_POINTS = 1000;

    private final GroupTerms terms;
    private final Instant now;

    AlertRestorer(GroupTerms terms, Instant now) {
        this.terms = terms;
        this.now = now;
    }

    /** The last sample of an alert's series. */
    private record Last(Instant at, double value) {}

    /** Corrects the alerts of one rule; when the series cannot be read, they stay as they are. */
    void restore(AlertingRunner rule) {
        try {
            Map<Labels, Last> beginnings = lastSamples(selector(rule.rule(), AlertTracker.ALERTS_FOR_STATE, ""));
            if (beginnings.isEmpty()) {
                return;
            }
            restoreBeginnings(rule, beginnings);
            if (!rule.rule().keepFiringFor().isZero()) {
                restoreKept(rule, beginnings);
            }
        } catch (QueryException e) {
            logger.atError()
                    .addKeyValue("alert", rule.rule().name())
                    .addKeyValue("error", e.getMessage())
                    .log("cannot restore alerts");
        }
    }

    private static String selector(Rule.Alerting rule, String name, String more) {
        StringBuilder text = new StringBuilder(name).append("{alertname=").append(quoted(rule.name()));
        for (Rule.Text label : rule.labelTemplates()) {
            boolean fixed = label.template().dependence() == Dependence.NOTHING
                    && !label.template().text().contains("{{")
                    && !label.name().equals(Alert.ALERT_NAME)
                    && !label.template().text().isEmpty();
            if (fixed) {
                text.append(',')
                        .append(quoted(label.name()))
                        .append('=')
                        .append(quoted(label.template().text()));
            }
        }
        return text.append(more).append('}').toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private Map<Labels, Last> lastSamples(String selector) throws QueryException {
        String range = selector + "["
                + terms.environment().settings().outageTolerance().toMillis() + "ms]";
        QueryValue value =
                terms.environment().history().instant(range, now.minusMillis(1)).value();
        if (!(value instanceof QueryValue.Matrix matrix)) {
            return Map.of();
        }
        Map<Labels, Last> last = new HashMap<>();
        for (Series series : matrix.series()) {
            int end = series.size() - 1;
            if (end >= 0) {
                last.put(
                        series.labels().withoutName().without(AlertTracker.ALERT_STATE),
                        new Last(Instant.ofEpochMilli(series.timestampsMillis()[end]), series.values()[end]));
            }
        }
        return onlyOpen(selector, last);
    }

    // Leaves out series that ended with a stale marker.
    private Map<Labels, Last> onlyOpen(String selector, Map<Labels, Last> last) throws QueryException {
        Map<Instant, Set<Labels>> alive = new HashMap<>();
        Map<Labels, Last> open = new HashMap<>();
        for (Map.Entry<Labels, Last> entry : last.entrySet()) {
            Instant ended = entry.getValue().at();
            Set<Labels> then = alive.get(ended);
            if (then == null && alive.size() < MAX_CHECKS) {
                then = aliveAfter(selector, ended);
                alive.put(ended, then);
            }
            if (then == null || then.contains(entry.getKey())) {
                open.put(entry.getKey(), entry.getValue());
            }
        }
        return open;
    }

    private Set<Labels> aliveAfter(String selector, Instant ended) throws QueryException {
        Instant probe = ended.plus(WITHIN_LOOKBACK);
        Instant latest = now.minusMillis(1);
        Set<Labels> alive = new HashSet<>();
        for (Sample sample : RuleQueries.samples(
                terms.environment().history().instant(selector, probe.isBefore(latest) ? probe : latest))) {
            alive.add(sample.labels().withoutName().without(AlertTracker.ALERT_STATE));
        }
        return alive;
    }

    private void restoreBeginnings(AlertingRunner rule, Map<Labels, Last> beginnings) {
        Duration holdFor = rule.rule().holdFor();
        synchronized (rule.tracker()) {
            rule.tracker().forEachActive(alert -> {
                Last last = beginnings.get(rule.tracker().seriesLabels(alert.labels()));
                if (last != null) {
                    Instant since = Instant.ofEpochSecond((long) last.value());
                    alert.activeSince(beginning(since, last.at(), holdFor));
                }
            });
        }
    }

    private Instant beginning(Instant since, Instant downAt, Duration holdFor) {
        Duration grace = terms.environment().settings().gracePeriod();
        Duration remaining = holdFor.minus(Duration.between(since, downAt));
        if (remaining.isNegative() || remaining.isZero()) {
            return since; // it was firing, and fires again at the next evaluation
        }
        if (holdFor.compareTo(grace) >= 0 && remaining.compareTo(grace) < 0) {
            return now.plus(grace).minus(holdFor);
        }
        return since.plus(Duration.between(downAt, now));
    }

    private void restoreKept(AlertingRunner rule, Map<Labels, Last> beginnings) throws QueryException {
        Map<Labels, Last> firing = lastSamples(selector(rule.rule(), AlertTracker.ALERTS, ",alertstate=\"firing\""));
        firing.keySet().removeIf(labels -> !beginnings.containsKey(labels) || isTracked(rule, labels));
        if (firing.isEmpty()) {
            return;
        }
        Duration kept = rule.rule().keepFiringFor();
        Instant from = now.minus(kept).minus(terms.interval());
        Duration step = longer(terms.interval(), Duration.between(from, now).dividedBy(MAX_POINTS));
        QueryValue value = terms.environment()
                .queries()
                .range(rule.rule().query().text(), terms.queryTime(from), terms.queryTime(now), step)
                .value();
        if (!(value instanceof QueryValue.Matrix matrix)) {
            return;
        }
        for (Series series : matrix.series()) {
            restoreKept(rule, series, step, firing, beginnings);
        }
    }

    private void restoreKept(
            AlertingRunner rule, Series series, Duration step, Map<Labels, Last> firing, Map<Labels, Last> beginnings) {
        int end = series.size() - 1;
        if (end < 0) {
            return;
        }
        Instant lastGiven = Instant.ofEpochMilli(series.timestampsMillis()[end]).plus(terms.queryOffset());
        Sample sample = new Sample(series.labels(), series.timestampsMillis()[end], series.values()[end]);
        AlertTracker.Observed observed = rule.observed(sample, lastGiven, terms.environment(), new HashMap<>());
        Labels key = rule.tracker().seriesLabels(observed.labels());
        Last beginning = beginnings.get(key);
        Last down = firing.get(key);
        if (down == null || beginning == null) {
            return;
        }
        // Given up to the outage, the first miss was the first evaluation after it.
        Instant missedSince = lastGiven.isBefore(down.at()) ? lastGiven.plus(step) : now.minus(terms.interval());
        if (now.isBefore(missedSince.plus(rule.rule().keepFiringFor()))) {
            synchronized (rule.tracker()) {
                rule.tracker().restoreFiring(observed, Instant.ofEpochSecond((long) beginning.value()), missedSince);
            }
        }
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : Duration.ofMillis(b.toMillis() + 1);
    }

    private static boolean isTracked(AlertingRunner rule, Labels seriesLabels) {
        List<Labels> tracked = new ArrayList<>();
        synchronized (rule.tracker()) {
            rule.tracker().forEachActive(alert -> tracked.add(rule.tracker().seriesLabels(alert.labels())));
        }
        return tracked.contains(seriesLabels);
    }
}
