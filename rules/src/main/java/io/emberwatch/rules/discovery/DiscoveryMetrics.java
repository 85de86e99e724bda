package io.emberwatch.rules.discovery;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;

/** The metrics of discovery, under the names that Prometheus gives them. */
public final class DiscoveryMetrics {
    final Counter fileReadErrors;
    final Counter endpointErrors;

    public DiscoveryMetrics(CollectorRegistry registry) {
        fileReadErrors = Counter.build(
                        "prometheus_sd_file_read_errors_total", "Discovery files that could not be read.")
                .register(registry);
        endpointErrors = Counter.build(
                        "prometheus_sd_http_failures_total", "Discovery endpoints that gave no list of targets.")
                .register(registry);
    }
}
