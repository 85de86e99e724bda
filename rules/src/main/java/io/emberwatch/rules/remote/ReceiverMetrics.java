package io.emberwatch.rules.remote;

import io.emberwatch.rules.store.Refusal;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.List;
import java.util.Locale;

/** The metrics of {@code /api/v1/write}. Samples received are those stored and those dropped, by reason. */
public final class ReceiverMetrics {
    /** Reasons beside those of the store. */
    enum Reason {
        /** The series has no metric name, or a label without a name or twice. */
        INVALID_LABELS,
        /** More than ten minutes ahead of the clock. */
        TOO_FAR_IN_FUTURE,
        /** Native histograms, which the store does not keep. */
        HISTOGRAM;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final List<Integer> CODES = List.of(204, 400, 404, 413, 415, 503);

    final Counter received;
    final Counter stored;
    final Counter exemplars;
    final Counter metadata;
    private final Counter requests;
    private final Counter dropped;

    public ReceiverMetrics(CollectorRegistry registry) {
        requests = Counter.build(
                        "emberwatch_rules_remote_write_requests_total", "Remote writes answered, by status code.")
                .labelNames("code")
                .register(registry);
        CODES.forEach(code -> requests.labels(code.toString()));
        received = Counter.build(
                        "emberwatch_rules_remote_write_received_samples_total",
                        "Samples and native histograms in remote writes.")
                .register(registry);
        stored = Counter.build(
                        "emberwatch_rules_remote_write_stored_samples_total",
                        "Samples of remote writes that were stored.")
                .register(registry);
        dropped = Counter.build(
                        "emberwatch_rules_remote_write_dropped_samples_total",
                        "Samples of remote writes that were not stored, by reason; repeated ones were there before.")
                .labelNames("reason")
                .register(registry);
        for (Refusal reason : Refusal.values()) {
            dropped.labels(reason.text());
        }
        for (Reason reason : Reason.values()) {
            dropped.labels(reason.text());
        }
        exemplars = Counter.build(
                        "emberwatch_rules_remote_write_dropped_exemplars_total",
                        "Exemplars in remote writes, which are not kept.")
                .register(registry);
        metadata = Counter.build(
                        "emberwatch_rules_remote_write_received_metadata_total",
                        "Descriptions of metrics in remote writes.")
                .register(registry);
    }

    void answered(int code) {
        requests.labels(Integer.toString(code)).inc();
    }

    void dropped(String reason, int count) {
        dropped.labels(reason).inc(count);
    }
}
