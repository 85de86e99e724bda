package io.emberwatch.exporter.tail;

import io.emberwatch.exporter.tail.rule.Loss;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.EnumMap;
import java.util.Map;

/** What the tailer tells of itself. */
final class TailMetrics {
    private static final String PREFIX = "emberwatch_exporter_tail_";

    private final Counter lines;
    private final Counter bytes;
    private final Counter losses;
    private final Counter mended;
    private final Counter rotations;
    private final Counter truncations;
    private final Counter vanished;
    private final Counter saveFailures;
    private final Gauge saved;
    private final Gauge files;
    private final Gauge unreadable;
    private final Gauge unread;
    private final Gauge series;

    TailMetrics(CollectorRegistry registry) {
        lines = counter(registry, "lines_total", "Lines read from logs.");
        bytes = counter(registry, "bytes_total", "Bytes read from logs.");
        losses = Counter.build(
                        PREFIX + "losses_total", "Lines, records and values of logs that were not counted, by reason.")
                .labelNames("tail", "reason")
                .register(registry);
        mended = counter(registry, "mended_records_total", "Records in which bytes that are not UTF-8 were replaced.");
        rotations =
                counter(registry, "rotations_total", "Log files that were renamed or deleted and read to their end.");
        truncations = counter(registry, "truncations_total", "Log files that were cut and begun anew.");
        vanished = counter(
                registry,
                "vanished_files_total",
                "Log files that were gone at the start, with whatever was not read yet.");
        saveFailures = counter(registry, "save_failures_total", "Offsets and values that could not be made durable.");
        saved = gauge(registry, "saved", "Whether offsets and values could be made durable the last time.");
        files = gauge(registry, "files", "Log files that are followed.");
        unreadable = gauge(registry, "unreadable_files", "Log files that cannot be read.");
        unread = gauge(
                registry, "unread_bytes", "Bytes of log files that are not read yet, partial last lines included.");
        series = gauge(registry, "series", "Series that the rules have made.");
    }

    private static Counter counter(CollectorRegistry registry, String name, String help) {
        return Counter.build(PREFIX + name, help).labelNames("tail").register(registry);
    }

    private static Gauge gauge(CollectorRegistry registry, String name, String help) {
        return Gauge.build(PREFIX + name, help).labelNames("tail").register(registry);
    }

    /** Those of one configured tail, all there from the start. */
    One of(String tail) {
        Map<Loss, Counter.Child> reasons = new EnumMap<>(Loss.class);
        for (Loss loss : Loss.values()) {
            reasons.put(loss, losses.labels(tail, loss.text()));
        }
        saved.labels(tail).set(1);
        return new One(
                lines.labels(tail),
                bytes.labels(tail),
                reasons,
                mended.labels(tail),
                rotations.labels(tail),
                truncations.labels(tail),
                vanished.labels(tail),
                saveFailures.labels(tail),
                saved.labels(tail),
                files.labels(tail),
                unreadable.labels(tail),
                unread.labels(tail),
                series.labels(tail));
    }

    /** The metrics of one tail. */
    record One(
            Counter.Child lines,
            Counter.Child bytes,
            Map<Loss, Counter.Child> losses,
            Counter.Child mended,
            Counter.Child rotations,
            Counter.Child truncations,
            Counter.Child vanished,
            Counter.Child saveFailures,
            Gauge.Child saved,
            Gauge.Child files,
            Gauge.Child unreadable,
            Gauge.Child unread,
            Gauge.Child series) {
        void lost(Loss loss) {
            Counter.Child child = losses.get(loss);
            if (child != null) {
                child.inc();
            }
        }
    }
}
