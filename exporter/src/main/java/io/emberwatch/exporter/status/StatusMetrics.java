package io.emberwatch.exporter.status;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is said of the servers that are asked for their status. */
public final class StatusMetrics {
    private static final String PREFIX = "emberwatch_exporter_target_";

    private final Gauge up;
    private final Gauge duration;
    private final Counter failures;

    public StatusMetrics(CollectorRegistry registry) {
        up = Gauge.build(PREFIX + "up", "Whether the status of a server could be read.")
                .labelNames("kind", "instance")
                .register(registry);
        duration = Gauge.build(PREFIX + "duration_seconds", "How long it took to read the status of a server.")
                .labelNames("kind", "instance")
                .register(registry);
        failures = Counter.build(PREFIX + "failures_total", "Readings of a server's status that failed, by reason.")
                .labelNames("kind", "instance", "reason")
                .register(registry);
    }

    /** What is said of one server; every reason there can be is 0 from the start. */
    TargetMetrics target(String kind, String instance) {
        Map<String, Counter.Child> reasons = new LinkedHashMap<>();
        TargetFault.Reason.texts().forEach(reason -> reasons.put(reason, failures.labels(kind, instance, reason)));
        return new TargetMetrics(up.labels(kind, instance), duration.labels(kind, instance), Map.copyOf(reasons));
    }

    /** The metrics of one server. */
    record TargetMetrics(Gauge.Child up, Gauge.Child duration, Map<String, Counter.Child> failures) {
        void failed(TargetFault.Reason reason) {
            Counter.Child child = failures.get(reason.text());
            if (child != null) {
                child.inc();
            }
        }
    }
}
