package io.emberwatch.exporter.push;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What is told of sending samples. Lines made and found are those sent, dropped, buffered and left. */
final class PushMetrics {
    private static final String PREFIX = "emberwatch_exporter_push_";

    private final Counter made;
    private final Counter found;
    private final Counter left;
    private final Counter sent;
    private final Counter dropped;
    private final Counter errors;
    private final Gauge batches;
    private final Gauge lines;
    private final Gauge bytes;
    private final Gauge kept;
    private final Gauge lastSent;

    /** Why lines will never arrive. */
    enum Drop {
        /** They were older than what is kept. */
        AGE,
        /** They were more than what is kept. */
        SIZE,
        /** The disk took nothing and memory was full. */
        DISK,
        /** The target does not take them. */
        REFUSED,
        /** Their file could not be read. */
        UNREADABLE;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    PushMetrics(CollectorRegistry registry) {
        made = counter(registry, "lines_total", "Lines made of samples to be sent.", "push");
        found = counter(registry, "found_lines_total", "Lines that were kept before sending began.", "push");
        left = counter(registry, "left_lines_total", "Lines still kept when sending ended.", "push");
        sent = counter(registry, "sent_lines_total", "Lines that their target took.", "push");
        dropped =
                counter(registry, "dropped_lines_total", "Lines that will never arrive, by reason.", "push", "reason");
        errors = counter(
                registry,
                "errors_total",
                "Sendings that failed: the target could not be reached, or did not take the lines.",
                "push",
                "error");
        batches = gauge(registry, "buffered_batches", "Batches that wait to be sent.");
        lines = gauge(registry, "buffered_lines", "Lines that wait to be sent.");
        bytes = gauge(registry, "buffered_bytes", "Bytes that wait to be sent.");
        kept = gauge(registry, "kept", "Whether the disk took the last batch.");
        lastSent = gauge(registry, "last_sent_timestamp_seconds", "When a target last took lines, 0 for never.");
    }

    private static Counter counter(CollectorRegistry registry, String name, String help, String... labels) {
        return Counter.build(PREFIX + name, help).labelNames(labels).register(registry);
    }

    private static Gauge gauge(CollectorRegistry registry, String name, String help) {
        return Gauge.build(PREFIX + name, help).labelNames("push").register(registry);
    }

    One of(String push) {
        Map<Drop, Counter.Child> reasons = new EnumMap<>(Drop.class);
        for (Drop reason : Drop.values()) {
            reasons.put(reason, dropped.labels(push, reason.text()));
        }
        kept.labels(push).set(1);
        return new One(
                made.labels(push),
                found.labels(push),
                left.labels(push),
                sent.labels(push),
                reasons,
                errors.labels(push, Pusher.CONNECTIVITY_ERROR),
                errors.labels(push, Pusher.BATCH_SENDING_ERROR),
                batches.labels(push),
                lines.labels(push),
                bytes.labels(push),
                kept.labels(push),
                lastSent.labels(push));
    }

    /** The metrics of one target. */
    record One(
            Counter.Child made,
            Counter.Child found,
            Counter.Child left,
            Counter.Child sent,
            Map<Drop, Counter.Child> drops,
            Counter.Child connectivityErrors,
            Counter.Child batchSendingErrors,
            Gauge.Child batches,
            Gauge.Child lines,
            Gauge.Child bytes,
            Gauge.Child kept,
            Gauge.Child lastSent) {
        void dropped(Drop reason, int count) {
            Counter.Child child = drops.get(reason);
            if (child != null) {
                child.inc(count);
            }
        }

        void buffered(int batchCount, int moreLines, long moreBytes) {
            batches.set(batchCount);
            lines.inc(moreLines);
            bytes.inc(moreBytes);
        }
    }
}
