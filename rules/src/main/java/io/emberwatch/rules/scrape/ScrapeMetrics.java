package io.emberwatch.rules.scrape;

import io.emberwatch.rules.discovery.DiscoveryMetrics;
import io.emberwatch.rules.store.AppendCounts;
import io.emberwatch.rules.store.Refusal;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Summary;
import java.util.EnumMap;
import java.util.Map;

/** The metrics of the scraper; those that Prometheus has keep its names. */
public final class ScrapeMetrics {
    final Counter duplicates;
    final Counter outOfOrder;
    final Counter outOfBounds;
    final Counter refused;
    final Counter reloads;
    final Counter reloadsFailed;
    final Gauge poolTargets;
    final Counter poolSyncs;
    final Summary intervalLength;
    private final Map<ScrapeFailure.Kind, Counter> limits = new EnumMap<>(ScrapeFailure.Kind.class);
    private final Counter scrapes;
    private final DiscoveryMetrics discovery;

    public ScrapeMetrics(CollectorRegistry registry) {
        duplicates = counter(
                registry,
                "prometheus_target_scrapes_sample_duplicate_timestamp_total",
                "Samples refused because their series had another value at the same time.");
        outOfOrder = counter(
                registry,
                "prometheus_target_scrapes_sample_out_of_order_total",
                "Samples refused because they were older than the newest of their series.");
        outOfBounds = counter(
                registry,
                "prometheus_target_scrapes_sample_out_of_bounds_total",
                "Samples refused because their time was too far in the future or the past.");
        refused = counter(
                registry,
                "emberwatch_rules_scrape_samples_refused_total",
                "Samples of series that were one too many for their target or for the store.");
        reloads = counter(
                registry, "prometheus_target_scrape_pool_reloads_total", "Reloads of the scrape configuration.");
        reloadsFailed = counter(
                registry, "prometheus_target_scrape_pool_reloads_failed_total", "Reloads that could not be taken up.");
        discovery = new DiscoveryMetrics(registry);
        poolTargets = Gauge.build("prometheus_target_scrape_pool_targets", "Targets of a job.")
                .labelNames("scrape_job")
                .register(registry);
        poolSyncs = Counter.build(
                        "prometheus_target_scrape_pool_sync_total", "Times the targets of a job were renewed.")
                .labelNames("scrape_job")
                .register(registry);
        intervalLength = Summary.build(
                        "prometheus_target_interval_length_seconds", "Time between two scrapes of a target.")
                .labelNames("interval")
                .register(registry);
        limits.put(
                ScrapeFailure.Kind.SAMPLE_LIMIT,
                counter(
                        registry,
                        "prometheus_target_scrapes_exceeded_sample_limit_total",
                        "Scrapes refused because of sample_limit."));
        limits.put(
                ScrapeFailure.Kind.BODY_SIZE,
                counter(
                        registry,
                        "prometheus_target_scrapes_exceeded_body_size_limit_total",
                        "Scrapes refused because their page was too large."));
        limits.put(
                ScrapeFailure.Kind.LABEL_LIMIT,
                counter(
                        registry,
                        "prometheus_target_scrape_pool_exceeded_label_limits_total",
                        "Scrapes refused because of the limits on labels."));
        limits.put(
                ScrapeFailure.Kind.TARGET_LIMIT,
                counter(
                        registry,
                        "prometheus_target_scrape_pool_exceeded_target_limit_total",
                        "Scrapes refused because their job had more targets than target_limit."));
        scrapes = Counter.build("emberwatch_rules_scrapes_total", "Scrapes by result.")
                .labelNames("result")
                .register(registry);
        scrapes.labels("success");
        scrapes.labels("failure");
    }

    private static Counter counter(CollectorRegistry registry, String name, String help) {
        return Counter.build(name, help).register(registry);
    }

    /** The metrics of the discovery of targets. */
    public DiscoveryMetrics discovery() {
        return discovery;
    }

    void succeeded() {
        scrapes.labels("success").inc();
    }

    void failed(ScrapeFailure.Kind kind) {
        scrapes.labels("failure").inc();
        Counter limit = limits.get(kind);
        if (limit != null) {
            limit.inc();
        }
    }

    void count(AppendCounts counts) {
        duplicates.inc(counts.refused(Refusal.DUPLICATE_TIMESTAMP));
        outOfOrder.inc(counts.refused(Refusal.OUT_OF_ORDER));
        outOfBounds.inc(counts.refused(Refusal.TOO_OLD));
    }
}
