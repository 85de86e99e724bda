package io.emberwatch.exporter.json;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.Collection;
import java.util.List;

/** What is told of documents. */
final class JsonMetrics {
    static final String FETCH = "fetch";
    static final String STATUS = "status";
    static final String MALFORMED = "malformed";
    static final String MISSING = "missing";
    static final String NOT_A_NUMBER = "not_a_number";
    private static final List<String> ERRORS = List.of(FETCH, STATUS, MALFORMED, MISSING, NOT_A_NUMBER);

    private final Counter errors;

    JsonMetrics(CollectorRegistry registry, Collection<String> modules) {
        errors = Counter.build(
                        "emberwatch_exporter_json_errors_total",
                        "Documents that could not be read, and values that were not in them, by reason.")
                .labelNames("module", "error")
                .register(registry);
        expect(modules);
    }

    /** Shows the counters of modules as 0. */
    void expect(Collection<String> modules) {
        for (String module : modules) {
            ERRORS.forEach(error -> errors.labels(module, error));
        }
    }

    void error(String module, String error) {
        errors.labels(module, error).inc();
    }
}
