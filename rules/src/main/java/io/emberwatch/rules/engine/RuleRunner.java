package io.emberwatch.rules.engine;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Staleness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A rule with its state. Evaluated by one thread at a time, looked at by any. */
abstract sealed class RuleRunner permits RecordingRunner, AlertingRunner {
    /** How many evaluations are remembered. */
    private static final int REMEMBERED = 20;

    private final Deque<RuleEvaluation> recent = new ArrayDeque<>();
    private Set<Labels> previousSeries = Set.of();
    private volatile RuleHealth health = RuleHealth.UNKNOWN;

    abstract Rule rule();

    /**
     * Evaluates the rule.
     *
     * @return the samples to write
     * @throws RuleFailure when there is no result; what was written before stays as it is
     */
    abstract List<Sample> evaluate(Instant at, GroupTerms terms) throws RuleFailure;

    /** Hands out the alerts that have to be sent after an evaluation. */
    void sendAlerts(Instant at, GroupTerms terms) {}

    AlertState state() {
        return AlertState.INACTIVE;
    }

    List<ActiveAlert> alerts() {
        return List.of();
    }

    /** Whether the rule's name and labels are those of another, which makes it the same rule after a reload. */
    final String identity() {
        return rule().name() + rule().labels();
    }

    /** The result with stale markers for the series that were there the last time and are no longer. */
    final List<Sample> withStaleMarkers(List<Sample> samples, long timestampMillis) {
        Set<Labels> series = new HashSet<>(samples.size() * 2);
        samples.forEach(sample -> series.add(sample.labels()));
        List<Sample> all = samples;
        for (Labels gone : previousSeries) {
            if (!series.contains(gone)) {
                all = all == samples ? new ArrayList<>(samples) : all;
                all.add(new Sample(gone, timestampMillis, Staleness.STALE_NAN));
            }
        }
        previousSeries = series;
        return all;
    }

    final Set<Labels> previousSeries() {
        return previousSeries;
    }

    final void remember(Instant at, Duration took, int samples, String error) {
        health = error.isEmpty() ? RuleHealth.GOOD : RuleHealth.BAD;
        synchronized (recent) {
            recent.addFirst(new RuleEvaluation(at, took, samples, error));
            if (recent.size() > REMEMBERED) {
                recent.removeLast();
            }
        }
    }

    /** Why the last evaluation gave no result, or empty. */
    final String lastError() {
        synchronized (recent) {
            RuleEvaluation last = recent.peekFirst();
            return last == null ? "" : last.error();
        }
    }

    final RuleStatus status() {
        List<RuleEvaluation> evaluations;
        synchronized (recent) {
            evaluations = List.copyOf(recent);
        }
        return new RuleStatus(
                rule(), health, state(), evaluations, alerts(), rule().query().withoutSeries());
    }

    final boolean wasEvaluated() {
        return health != RuleHealth.UNKNOWN;
    }

    /** Takes over the state of the same rule as it was before a reload. */
    void copyFrom(RuleRunner before) {
        previousSeries = before.previousSeries;
    }
}
