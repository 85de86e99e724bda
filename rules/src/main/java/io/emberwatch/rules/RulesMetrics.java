package io.emberwatch.rules;

import io.emberwatch.rules.engine.RuleEvents;
import io.emberwatch.rules.notify.NotifyEvents;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Summary;
import java.time.Duration;
import java.time.Instant;

/** The metrics of rules and notifications, under the names that Prometheus gives them. */
final class RulesMetrics implements RuleEvents, NotifyEvents {
    private final Counter evaluations;
    private final Counter evaluationFailures;
    private final Summary evaluationDuration;
    private final Summary groupDuration;
    private final Counter iterations;
    private final Counter iterationsMissed;
    private final Gauge interval;
    private final Gauge lastEvaluation;
    private final Gauge lastDuration;
    private final Gauge lastRuleDurationSum;
    private final Gauge lastRestoreDuration;
    private final Gauge rules;
    private final Gauge lastSamples;
    private final Gauge withoutSeries;
    private final Counter retries;
    private final Counter expansions;
    private final Counter expansionFailures;
    private final Counter sent;
    private final Counter errors;
    private final Counter dropped;
    private final Gauge queueLength;
    private final Gauge queueCapacity;
    private final Summary latency;
    private final Gauge alertmanagers;
    private final Gauge reloadSuccessful;
    private final Gauge reloadTimestamp;
    private final Gauge faults;

    RulesMetrics(CollectorRegistry registry) {
        evaluations = group(registry, "prometheus_rule_evaluations_total", "Rules evaluated.");
        evaluationFailures =
                group(registry, "prometheus_rule_evaluation_failures_total", "Evaluations of rules without a result.");
        evaluationDuration = summary(
                registry, "prometheus_rule_evaluation_duration_seconds", "Duration of the evaluation of one rule.");
        groupDuration =
                summary(registry, "prometheus_rule_group_duration_seconds", "Duration of the evaluation of a group.");
        iterations = group(
                registry,
                "prometheus_rule_group_iterations_total",
                "Planned evaluations of a group, carried out or missed.");
        iterationsMissed = group(
                registry,
                "prometheus_rule_group_iterations_missed_total",
                "Evaluations of a group left out because an earlier one took too long.");
        interval = groupGauge(registry, "prometheus_rule_group_interval_seconds", "Interval of a group.");
        lastEvaluation = groupGauge(
                registry,
                "prometheus_rule_group_last_evaluation_timestamp_seconds",
                "Time of the last evaluation of a group, Unix seconds.");
        lastDuration = groupGauge(
                registry, "prometheus_rule_group_last_duration_seconds", "Duration of the last evaluation of a group.");
        lastRuleDurationSum = groupGauge(
                registry,
                "prometheus_rule_group_last_rule_duration_sum_seconds",
                "Sum of the durations of all rules in the last evaluation of a group.");
        lastRestoreDuration = groupGauge(
                registry,
                "prometheus_rule_group_last_restore_duration_seconds",
                "Duration of taking up the alerts of a group after the last restart.");
        rules = groupGauge(registry, "prometheus_rule_group_rules", "Rules of a group.");
        lastSamples = groupGauge(
                registry,
                "prometheus_rule_group_last_evaluation_samples",
                "Samples that the last evaluation of a group gave.");
        withoutSeries = groupGauge(
                registry,
                "emberwatch_rules_selectors_without_series",
                "Selectors of a group's rules that found no series in its last evaluation: such a rule may never give"
                        + " anything.");
        retries = group(
                registry,
                "emberwatch_rules_retries_total",
                "Evaluations of rules that were repeated because their failure might have passed.");
        expansions = Counter.build("prometheus_template_text_expansions_total", "Templates expanded.")
                .register(registry);
        expansionFailures = Counter.build(
                        "prometheus_template_text_expansion_failures_total", "Templates that could not be expanded.")
                .register(registry);
        sent = alertmanager(registry, "prometheus_notifications_sent_total", "Alerts that an Alertmanager took.");
        errors = alertmanager(
                registry, "prometheus_notifications_errors_total", "Alerts that could not be sent to an Alertmanager.");
        dropped = alertmanager(
                registry,
                "prometheus_notifications_dropped_total",
                "Alerts given up: not sent, pushed out of a full queue, or left over on stopping.");
        queueLength = alertmanagerGauge(
                registry, "prometheus_notifications_queue_length", "Alerts that wait for an Alertmanager.");
        queueCapacity = alertmanagerGauge(
                registry, "prometheus_notifications_queue_capacity", "Alerts that may wait for an Alertmanager.");
        latency = Summary.build("prometheus_notifications_latency_seconds", "Duration of requests to an Alertmanager.")
                .labelNames("alertmanager")
                .quantile(0.5, 0.05)
                .quantile(0.9, 0.01)
                .quantile(0.99, 0.001)
                .register(registry);
        alertmanagers = Gauge.build(
                        "prometheus_notifications_alertmanagers_discovered", "Alertmanagers that alerts are sent to.")
                .register(registry);
        reloadSuccessful = Gauge.build(
                        "prometheus_config_last_reload_successful",
                        "Whether the last reload of the configuration succeeded.")
                .register(registry);
        reloadTimestamp = Gauge.build(
                        "prometheus_config_last_reload_success_timestamp_seconds",
                        "Time of the last successful reload of the configuration, Unix seconds.")
                .register(registry);
        faults = Gauge.build(
                        "emberwatch_rules_file_faults",
                        "Faults found in rule files at the last reload; their files keep their old rules.")
                .register(registry);
    }

    private static Counter group(CollectorRegistry registry, String name, String help) {
        return Counter.build(name, help).labelNames("rule_group").register(registry);
    }

    private static Gauge groupGauge(CollectorRegistry registry, String name, String help) {
        return Gauge.build(name, help).labelNames("rule_group").register(registry);
    }

    private static Counter alertmanager(CollectorRegistry registry, String name, String help) {
        return Counter.build(name, help).labelNames("alertmanager").register(registry);
    }

    private static Gauge alertmanagerGauge(CollectorRegistry registry, String name, String help) {
        return Gauge.build(name, help).labelNames("alertmanager").register(registry);
    }

    private static Summary summary(CollectorRegistry registry, String name, String help) {
        return Summary.build(name, help)
                .quantile(0.5, 0.05)
                .quantile(0.9, 0.01)
                .quantile(0.99, 0.001)
                .register(registry);
    }

    void reloaded(boolean successful, int ruleFaults, Instant at) {
        reloadSuccessful.set(successful ? 1 : 0);
        faults.set(ruleFaults);
        if (successful) {
            reloadTimestamp.set(at.toEpochMilli() / 1000.0);
        }
    }

    @Override
    public void groupStarted(String group, int count, Duration every) {
        evaluations.labels(group);
        evaluationFailures.labels(group);
        iterations.labels(group);
        iterationsMissed.labels(group);
        rules.labels(group).set(count);
        interval.labels(group).set(seconds(every));
        lastEvaluation.labels(group);
        lastDuration.labels(group);
        lastRuleDurationSum.labels(group);
        lastSamples.labels(group);
        withoutSeries.labels(group);
        retries.labels(group);
    }

    @Override
    public void groupStopped(String group) {
        evaluations.remove(group);
        evaluationFailures.remove(group);
        iterations.remove(group);
        iterationsMissed.remove(group);
        rules.remove(group);
        interval.remove(group);
        lastEvaluation.remove(group);
        lastDuration.remove(group);
        lastRuleDurationSum.remove(group);
        lastRestoreDuration.remove(group);
        lastSamples.remove(group);
        withoutSeries.remove(group);
        retries.remove(group);
    }

    @Override
    public void selectorsWithoutSeries(String group, int count) {
        withoutSeries.labels(group).set(count);
    }

    @Override
    public void ruleRetried(String group) {
        retries.labels(group).inc();
    }

    @Override
    public void ruleEvaluated(String group, Duration took) {
        evaluations.labels(group).inc();
        evaluationDuration.observe(seconds(took));
    }

    @Override
    public void ruleFailed(String group) {
        evaluationFailures.labels(group).inc();
    }

    @Override
    public void groupEvaluated(String group, Instant at, Duration took, Duration rulesTook, int samples) {
        iterations.labels(group).inc();
        groupDuration.observe(seconds(took));
        lastEvaluation.labels(group).set(at.toEpochMilli() / 1000.0);
        lastDuration.labels(group).set(seconds(took));
        lastRuleDurationSum.labels(group).set(seconds(rulesTook));
        lastSamples.labels(group).set(samples);
    }

    @Override
    public void iterationsMissed(String group, long count) {
        iterations.labels(group).inc((double) count);
        iterationsMissed.labels(group).inc((double) count);
    }

    @Override
    public void groupRestored(String group, Duration took) {
        lastRestoreDuration.labels(group).set(seconds(took));
    }

    @Override
    public void templateExpanded(boolean failed) {
        expansions.inc();
        expansionFailures.inc(failed ? 1 : 0);
    }

    @Override
    public void added(String alertmanager, int capacity) {
        sent.labels(alertmanager);
        errors.labels(alertmanager);
        dropped.labels(alertmanager);
        latency.labels(alertmanager);
        queueLength.labels(alertmanager);
        queueCapacity.labels(alertmanager).set(capacity);
        alertmanagers.inc();
    }

    @Override
    public void removed(String alertmanager) {
        queueLength.remove(alertmanager);
        queueCapacity.remove(alertmanager);
        alertmanagers.dec();
    }

    @Override
    public void queued(String alertmanager, int length) {
        queueLength.labels(alertmanager).set(length);
    }

    @Override
    public void attempted(String alertmanager, int alerts, Duration took, boolean accepted) {
        latency.labels(alertmanager).observe(seconds(took));
        (accepted ? sent : errors).labels(alertmanager).inc(alerts);
    }

    @Override
    public void dropped(String alertmanager, int alerts) {
        dropped.labels(alertmanager).inc(alerts);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
