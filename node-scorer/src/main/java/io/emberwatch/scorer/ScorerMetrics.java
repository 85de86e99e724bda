package io.emberwatch.scorer;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;

/** The scorer's own metrics. */
final class ScorerMetrics {
    final Gauge lastSuccess;
    final Gauge up;
    final Gauge duration;
    final Counter runs;
    final Counter failures;
    final Counter unanswered;

    ScorerMetrics(CollectorRegistry registry) {
        lastSuccess = Gauge.build(
                        "emberwatch_scorer_last_success_timestamp_seconds",
                        "When scores were last computed, Unix time; 0 before the first time.")
                .register(registry);
        up = Gauge.build(
                        "emberwatch_scorer_up", "1 when the last run gave scores under every model, 0 when it did not.")
                .register(registry);
        duration = Gauge.build("emberwatch_scorer_run_duration_seconds", "How long the last run took.")
                .register(registry);
        runs = Counter.build("emberwatch_scorer_runs_total", "Attempts to compute scores.")
                .register(registry);
        failures = Counter.build("emberwatch_scorer_failures_total", "Attempts that gave no score, by reason.")
                .labelNames("reason")
                .register(registry);
        failures.labels("query");
        failures.labels("textfile");
        failures.labels("no_members");
        unanswered = Counter.build(
                        "emberwatch_scorer_unanswered_queries_total",
                        "Queries of the model that failed while others were answered.")
                .register(registry);
    }
}
