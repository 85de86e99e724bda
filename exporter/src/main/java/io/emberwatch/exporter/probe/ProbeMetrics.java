package io.emberwatch.exporter.probe;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.List;

/** What is said of the probes that were asked for. */
final class ProbeMetrics {
    private final Counter probes;
    private final Counter refused;

    ProbeMetrics(CollectorRegistry registry, Iterable<String> modules) {
        probes = Counter.build("emberwatch_exporter_probes_total", "Probes by module and outcome.")
                .labelNames("module", "outcome")
                .register(registry);
        refused = Counter.build("emberwatch_exporter_probes_refused_total", "Probes that were not begun, by reason.")
                .labelNames("reason")
                .register(registry);
        modules.forEach(module -> {
            probes.labels(module, "success");
            probes.labels(module, "failure");
        });
        List.of("parameter", "target", "busy").forEach(refused::labels);
    }

    void probed(String module, boolean success) {
        probes.labels(module, success ? "success" : "failure").inc();
    }

    void refused(String reason) {
        refused.labels(reason).inc();
    }
}
