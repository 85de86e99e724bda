package io.emberwatch.rules.remote;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;

/** The metrics of remote writes that are sent, under the names that Prometheus gives them. */
public final class SenderMetrics {
    private static final String[] REMOTE = {"remote_name", "url"};

    private final Counter samples;
    private final Counter failed;
    private final Counter retried;
    private final Counter dropped;
    private final Counter bytes;
    private final Counter metadata;
    private final Counter metadataFailed;
    private final Gauge pending;
    private final Gauge shards;
    private final Gauge highestSent;
    private final Gauge unacknowledged;
    private final Histogram duration;

    public SenderMetrics(CollectorRegistry registry) {
        samples = counter(registry, "samples_total", "Samples that a receiver took.");
        failed = counter(registry, "samples_failed_total", "Samples that a receiver refused for good.");
        retried = counter(registry, "samples_retried_total", "Samples in requests that were repeated.");
        dropped = Counter.build(
                        "prometheus_remote_storage_samples_dropped_total",
                        "Samples that were not sent: dropped by relabelling, older than sample_age_limit, of series that"
                                + " are gone, or pushed out of the log.")
                .labelNames("remote_name", "url", "reason")
                .register(registry);
        bytes = counter(registry, "bytes_total", "Bytes of samples that a receiver took, compressed.");
        metadata = counter(registry, "metadata_total", "Descriptions of metrics that a receiver took.");
        metadataFailed =
                counter(registry, "metadata_failed_total", "Descriptions of metrics that a receiver did not take.");
        pending = gauge(registry, "prometheus_remote_storage_samples_pending", "Samples on their way to a receiver.");
        shards = gauge(
                registry, "prometheus_remote_storage_shards", "Requests that are made at once for the last commit.");
        highestSent = gauge(
                registry,
                "prometheus_remote_storage_queue_highest_sent_timestamp_seconds",
                "Time of the newest sample that a receiver took, Unix seconds.");
        unacknowledged = gauge(
                registry,
                "emberwatch_rules_remote_write_unacknowledged_commits",
                "Commits of the store that a receiver has not taken yet.");
        duration = Histogram.build(
                        "prometheus_remote_storage_sent_batch_duration_seconds", "Duration of requests to a receiver.")
                .labelNames(REMOTE)
                .buckets(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25)
                .register(registry);
    }

    private static Counter counter(CollectorRegistry registry, String name, String help) {
        return Counter.build("prometheus_remote_storage_" + name, help)
                .labelNames(REMOTE)
                .register(registry);
    }

    private static Gauge gauge(CollectorRegistry registry, String name, String help) {
        return Gauge.build(name, help).labelNames(REMOTE).register(registry);
    }

    /** Why samples were not sent. */
    enum Drop {
        RELABELED("dropped_series"),
        TOO_OLD("too_old"),
        UNKNOWN_SERIES("unintentionally_dropped_series"),
        LOG_LIMIT("log_limit");

        private final String text;

        Drop(String text) {
            this.text = text;
        }
    }

    /** The metrics of one receiver, all there from the beginning. */
    Remote remote(String name, String url) {
        return new Remote(name, url);
    }

    final class Remote {
        final Counter.Child samples;
        final Counter.Child failed;
        final Counter.Child retried;
        final Counter.Child bytes;
        final Counter.Child metadata;
        final Counter.Child metadataFailed;
        final Gauge.Child pending;
        final Gauge.Child shards;
        final Gauge.Child highestSent;
        final Gauge.Child unacknowledged;
        final Histogram.Child duration;
        private final String name;
        private final String url;

        private Remote(String name, String url) {
            this.name = name;
            this.url = url;
            samples = SenderMetrics.this.samples.labels(name, url);
            failed = SenderMetrics.this.failed.labels(name, url);
            retried = SenderMetrics.this.retried.labels(name, url);
            bytes = SenderMetrics.this.bytes.labels(name, url);
            metadata = SenderMetrics.this.metadata.labels(name, url);
            metadataFailed = SenderMetrics.this.metadataFailed.labels(name, url);
            pending = SenderMetrics.this.pending.labels(name, url);
            shards = SenderMetrics.this.shards.labels(name, url);
            highestSent = SenderMetrics.this.highestSent.labels(name, url);
            unacknowledged = SenderMetrics.this.unacknowledged.labels(name, url);
            duration = SenderMetrics.this.duration.labels(name, url);
            for (Drop reason : Drop.values()) {
                dropped(reason, 0);
            }
        }

        void dropped(Drop reason, long count) {
            dropped.labels(name, url, reason.text).inc((double) count);
        }
    }
}
