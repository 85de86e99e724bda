package io.emberwatch.exporter.graphite;

import io.emberwatch.exporter.listen.Loss;
import io.emberwatch.exporter.series.Refusal;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What is said of Carbon samples. Samples received are samples stored and samples dropped together. */
final class GraphiteMetrics {
    private static final String OWN = "emberwatch_exporter_graphite_";

    private final Map<Drop, Counter.Child> drops = new EnumMap<>(Drop.class);
    private final Map<Refusal, Counter.Child> refusals = new EnumMap<>(Refusal.class);
    private final Map<Loss, Counter.Child> losses = new EnumMap<>(Loss.class);

    final Counter.Child received;
    final Counter.Child stored;
    final Counter.Child expired;
    final Counter.Child pickles;
    final Counter.Child faultyPickles;
    final Counter.Child tagFailures;
    final Counter.Child reloads;
    final Counter.Child reloadFailures;
    final Gauge.Child lastProcessed;

    /** Why a sample is not stored. */
    enum Drop {
        /** Not three words. */
        MALFORMED,
        /** A path that Carbon would not take: no name. */
        PATH,
        /** Not a number, or NaN. */
        VALUE,
        /** Not a time. */
        TIMESTAMP,
        /** Older than samples are kept. */
        OLD,
        /** A rule says so. */
        RULE,
        /** No rule matches, and only what matches is kept. */
        UNMAPPED
    }

    GraphiteMetrics(CollectorRegistry registry, double expirySeconds) {
        received = counter(registry, OWN + "samples_total", "Samples received, faulty ones included.")
                .labels();
        stored = counter(registry, OWN + "samples_stored_total", "Samples stored in a series.")
                .labels();
        Counter dropped = counter(registry, OWN + "samples_dropped_total", "Samples not stored, by reason.", "reason");
        for (Drop drop : Drop.values()) {
            drops.put(drop, dropped.labels(drop.name().toLowerCase(Locale.ROOT)));
        }
        for (Refusal refusal : Refusal.values()) {
            refusals.put(refusal, dropped.labels(refusal.label()));
        }
        for (Loss loss : Loss.values()) {
            losses.put(loss, dropped.labels(loss.label()));
        }
        expired = counter(registry, OWN + "series_expired_total", "Series removed because their samples are too old.")
                .labels();
        pickles = counter(registry, OWN + "pickles_total", "Pickles received, faulty ones included.")
                .labels();
        faultyPickles = counter(
                        registry,
                        OWN + "pickles_faulty_total",
                        "Pickles that are too large, are no list of samples, or hold what could do harm.")
                .labels();
        Counter reloadsTotal =
                counter(registry, OWN + "mapping_reloads_total", "Readings of a changed mapping file.", "outcome");
        reloads = reloadsTotal.labels("success");
        reloadFailures = reloadsTotal.labels("failure");
        tagFailures = Counter.build("graphite_tag_parse_failures", "Total count of samples with invalid tags")
                .register(registry)
                .labels();
        lastProcessed = Gauge.build(
                        "graphite_last_processed_timestamp_seconds",
                        "Unix timestamp of the last processed graphite metric.")
                .register(registry)
                .labels();
        Gauge.build("graphite_sample_expiry_seconds", "How long in seconds a metric sample is valid for.")
                .register(registry)
                .set(expirySeconds);
    }

    private static Counter counter(CollectorRegistry registry, String name, String help, String... labels) {
        return Counter.build(name, help).labelNames(labels).register(registry);
    }

    void drop(Drop drop) {
        inc(drops.get(drop));
    }

    void refused(Refusal refusal) {
        inc(refusals.get(refusal));
    }

    void lost(Loss loss) {
        received.inc();
        inc(losses.get(loss));
    }

    private static void inc(Counter.@org.jspecify.annotations.Nullable Child child) {
        if (child != null) {
            child.inc();
        }
    }
}
