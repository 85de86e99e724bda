package io.emberwatch.rules.web;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;

/** The metrics of the API's queries; those that Prometheus has keep its names. */
public final class QueryMetrics {
    final Gauge running;
    final Gauge most;
    final Gauge waiting;
    final Counter abandoned;
    final Counter refused;

    public QueryMetrics(CollectorRegistry registry) {
        running = Gauge.build("prometheus_engine_queries", "Queries of the API that are executed or wait for it.")
                .register(registry);
        most = Gauge.build("prometheus_engine_queries_concurrent_max", "How many queries may be executed at once.")
                .register(registry);
        waiting = Gauge.build("emberwatch_rules_queries_waiting", "Queries of the API that wait for others to end.")
                .register(registry);
        abandoned = Counter.build(
                        "emberwatch_rules_queries_abandoned_total", "Queries stopped because their client was gone.")
                .register(registry);
        refused = Counter.build(
                        "emberwatch_rules_queries_refused_total", "Queries refused because too many were waiting.")
                .register(registry);
    }
}
