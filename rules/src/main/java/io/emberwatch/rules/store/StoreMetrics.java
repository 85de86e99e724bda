package io.emberwatch.rules.store;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The metrics of the embedded store; those that Prometheus' storage has keep its names. */
public final class StoreMetrics {
    final Gauge headSeries;
    final Gauge headChunks;
    final Gauge headMinTime;
    final Gauge headMaxTime;
    final Counter.Child samplesAppended;
    final Counter seriesCreated;
    final Counter seriesRemoved;
    final Counter seriesEvicted;
    private final Counter.Child outOfOrder;
    private final Map<Refusal, Counter.Child> refused = new EnumMap<>(Refusal.class);
    final Gauge retainedSeries;
    final Gauge seriesLimit;
    final Gauge sizeBytes;
    final Gauge unsavedBytes;
    final Counter commitFailures;
    final Counter lostSamples;
    final Counter unloggedSamples;
    final Counter damagedChunks;
    final Histogram commitDuration;

    public StoreMetrics(CollectorRegistry registry) {
        headSeries = gauge(registry, "prometheus_tsdb_head_series", "Number of series with samples in memory.");
        headChunks = gauge(registry, "prometheus_tsdb_head_chunks", "Number of chunks in memory.");
        headMinTime = gauge(
                registry,
                "prometheus_tsdb_head_min_time_seconds",
                "Time of the oldest sample in memory, Unix seconds.");
        headMaxTime = gauge(
                registry,
                "prometheus_tsdb_head_max_time_seconds",
                "Time of the newest sample in memory, Unix seconds.");
        samplesAppended = Counter.build("prometheus_tsdb_head_samples_appended_total", "Samples appended.")
                .labelNames("type")
                .register(registry)
                .labels("float");
        seriesCreated = counter(registry, "prometheus_tsdb_head_series_created_total", "Series created.");
        seriesRemoved = counter(
                registry,
                "prometheus_tsdb_head_series_removed_total",
                "Series removed because nothing of them is kept.");
        seriesEvicted = counter(
                registry,
                "emberwatch_rules_store_series_evicted_total",
                "Series removed before their time to make room for new ones, those that ended first.");
        outOfOrder = Counter.build(
                        "prometheus_tsdb_out_of_order_samples_total",
                        "Samples refused because they were older than the newest of their series.")
                .labelNames("type")
                .register(registry)
                .labels("float");
        Counter refusals = Counter.build(
                        "emberwatch_rules_store_refused_samples_total",
                        "Samples that the store did not take, by reason.")
                .labelNames("reason")
                .register(registry);
        for (Refusal reason : Refusal.values()) {
            refused.put(reason, refusals.labels(reason.text()));
        }
        retainedSeries =
                gauge(registry, "emberwatch_rules_store_series", "Series that the store knows, living and retained.");
        seriesLimit = gauge(
                registry,
                "emberwatch_rules_store_series_limit",
                "Series that the store takes: series_limit, or what half of the memory has room for.");
        sizeBytes = gauge(registry, "emberwatch_rules_store_size_bytes", "Bytes that the database uses.");
        unsavedBytes =
                gauge(registry, "emberwatch_rules_store_unsaved_bytes", "Bytes of samples that are not durable yet.");
        commitFailures = counter(
                registry,
                "emberwatch_rules_store_commit_failures_total",
                "Commits that the database refused; they are retried.");
        lostSamples = counter(
                registry,
                "emberwatch_rules_store_lost_samples_total",
                "Samples dropped from memory although the database never took them.");
        unloggedSamples = counter(
                registry,
                "emberwatch_rules_store_unlogged_samples_total",
                "Samples that are kept but never were in the log, because the disk took nothing for long: remote writes"
                        + " do not send them.");
        damagedChunks = counter(
                registry,
                "emberwatch_rules_store_damaged_chunks_total",
                "Chunks that could not be read and were left out.");
        commitDuration = Histogram.build(
                        "emberwatch_rules_store_commit_duration_seconds", "Time to make what was appended durable.")
                .buckets(.001, .005, .01, .05, .1, .5, 1, 5)
                .register(registry);
    }

    void refused(Refusal reason, int count) {
        Objects.requireNonNull(refused.get(reason)).inc(count);
        if (reason == Refusal.OUT_OF_ORDER) {
            outOfOrder.inc(count);
        }
    }

    private static Gauge gauge(CollectorRegistry registry, String name, String help) {
        return Gauge.build(name, help).register(registry);
    }

    private static Counter counter(CollectorRegistry registry, String name, String help) {
        return Counter.build(name, help).register(registry);
    }
}
