package io.emberwatch.rules.remote;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricType;
import io.emberwatch.rules.scrape.MetricMetadata;
import io.emberwatch.rules.store.AppendCounts;
import io.emberwatch.rules.store.Refusal;
import io.emberwatch.rules.store.SeriesStore;
import io.emberwatch.rules.store.StoreAppender;
import io.emberwatch.rules.store.StoredSeries;
import java.util.LinkedHashMap;
import java.util.Map;

/** The samples of one write request on their way into the store. */
final class WriteBatch implements RequestHandler {
    /** How far ahead of the clock a sample may be, as Prometheus has it. */
    static final long MAX_AHEAD_MILLIS = 10 * 60_000L;

    private static final int MAX_SHOWN = 300;
    private static final int MAX_TEXT = 1_024;

    private final StoreAppender appender;
    private final ReceivedMetadata metadata;
    private final ReceiverMetrics metrics;
    private final long latest;
    private final Map<String, Integer> dropped = new LinkedHashMap<>();
    private int received;
    private int stored;
    private int repeated;
    private int exemplars;
    private int described;
    private String firstFault = "";

    /** @param latest no sample may be later, milliseconds */
    WriteBatch(SeriesStore store, ReceivedMetadata metadata, ReceiverMetrics metrics, long latest) {
        appender = store.appender();
        this.metadata = metadata;
        this.metrics = metrics;
        this.latest = latest;
    }

    @Override
    public void series(IncomingSeries series) {
        received += series.samples() + series.histograms();
        exemplars += series.exemplars();
        drop(ReceiverMetrics.Reason.HISTOGRAM.text(), series.histograms(), "native histograms are not stored");
        if (series.samples() == 0) {
            return;
        }
        Labels labels = series.labels();
        if (labels == null) {
            drop(
                    ReceiverMetrics.Reason.INVALID_LABELS.text(),
                    series.samples(),
                    "a series needs a metric name, and each label a name of its own");
            return;
        }
        append(series, labels);
    }

    private void append(IncomingSeries series, Labels labels) {
        StoredSeries target = null;
        for (int i = 0; i < series.samples(); i++) {
            if (series.timestampMillis(i) > latest) {
                drop(
                        ReceiverMetrics.Reason.TOO_FAR_IN_FUTURE.text(),
                        1,
                        "the time " + series.timestampMillis(i) + " is too far in the future: " + shown(labels));
                continue;
            }
            if (target == null) {
                target = appender.series(labels);
            }
            if (target == null) {
                // The store has counted one of them.
                Refusal reason = appender.refusal(labels);
                drop(reason.text(), series.samples() - i, reason.text().replace('_', ' ') + ": " + shown(labels));
                return;
            }
            appender.append(target, series.timestampMillis(i), series.value(i));
        }
    }

    private static String shown(Labels labels) {
        String text = labels.toString();
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    private void drop(String reason, int count, String fault) {
        if (count > 0) {
            dropped.merge(reason, count, Integer::sum);
            firstFault = firstFault.isEmpty() ? fault : firstFault;
        }
    }

    @Override
    public void metadata(String family, MetricType type, String help, String unit) {
        described++;
        if (!family.isEmpty() && family.length() <= MAX_TEXT) {
            metadata.put(new MetricMetadata(family, type, cut(help), cut(unit)));
        }
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    /** Puts what was read into the store and counts it. */
    void commit() {
        AppendCounts counts = appender.commit();
        stored = counts.appended();
        counts.refused().forEach((reason, count) -> {
            if (reason == Refusal.REPEATED) {
                repeated = count;
                metrics.dropped(reason.text(), count);
            } else {
                drop(reason.text(), count, appender.firstRefused(reason));
            }
        });
        metrics.received.inc(received);
        metrics.stored.inc(stored);
        metrics.exemplars.inc(exemplars);
        metrics.metadata.inc(described);
        dropped.forEach(metrics::dropped);
    }

    /** Samples that the store has now, whether it had them before or not. */
    int written() {
        return stored + repeated;
    }

    /** What was not stored and why, or empty. */
    String fault() {
        int lost = dropped.values().stream().mapToInt(Integer::intValue).sum();
        return lost == 0 ? "" : lost + " of " + received + " samples were not stored: " + firstFault;
    }
}
