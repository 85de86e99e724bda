package io.emberwatch.rules.store;

import io.emberwatch.model.Labels;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects samples and appends them together; of one thread, for as many batches as it likes.
 *
 * <p>Whoever appends the same series again and again keeps what {@link #series} returned and saves the look-up.
 */
public final class StoreAppender {
    private final SeriesStore store;
    private final ChunkEncoder encoder = new ChunkEncoder();
    private final LogBatch log = new LogBatch();
    private final Map<Refusal, Integer> refused = new EnumMap<>(Refusal.class);
    private final Map<Refusal, StoredSeries> firstRefused = new EnumMap<>(Refusal.class);
    private int refusedCount;
    private StoredSeries[] series = new StoredSeries[16];
    private long[] timestamps = new long[16];
    private double[] values = new double[16];
    private int size;

    StoreAppender(SeriesStore store) {
        this.store = store;
    }

    /** The series of these labels, made when there is none; null when the store refuses it, which is counted. */
    public @Nullable StoredSeries series(Labels labels) {
        return store.findOrCreate(labels);
    }

    /** The series of these labels when the store has it already. */
    public @Nullable StoredSeries known(Labels labels) {
        return store.find(labels);
    }

    /** Why {@link #series} just gave none for these labels. */
    public Refusal refusal(Labels labels) {
        return store.refusal(labels);
    }

    /** The first series of the last batch of which a sample was refused for a reason, as text for the one who sent it. */
    public String firstRefused(Refusal reason) {
        StoredSeries first = firstRefused.get(reason);
        return reason.text().replace('_', ' ') + (first == null ? "" : ": " + first.labels());
    }

    /** Adds a sample to the batch. */
    public void append(StoredSeries target, long timestampMillis, double value) {
        if (size == series.length) {
            series = Arrays.copyOf(series, size * 2);
            timestamps = Arrays.copyOf(timestamps, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        series[size] = target;
        timestamps[size] = timestampMillis;
        values[size++] = value;
    }

    /** How many samples the batch has. */
    public int size() {
        return size;
    }

    /** Appends the batch to the store, in order; durable with the store's next commit. */
    public AppendCounts commit() {
        Journal journal = store.journal();
        long logRow = journal == null ? 0 : journal.nextLogRow();
        StoredSeries.ChunkSink sink = journal == null ? SeriesStore.NO_SINK : journal;
        long oldest = store.oldestAllowed();
        firstRefused.clear();
        for (int i = 0; i < size; i++) {
            StoredSeries target = alive(series[i]);
            Refusal reason = Refusal.SERIES_LIMIT;
            if (target != null) {
                reason = timestamps[i] < oldest
                        ? Refusal.TOO_OLD
                        : target.append(timestamps[i], values[i], logRow, encoder, sink);
            }
            if (reason != null) {
                refused.merge(reason, 1, Integer::sum);
                firstRefused.putIfAbsent(reason, series[i]);
                refusedCount++;
            } else if (target != null && journal != null) {
                log.add(target.id(), timestamps[i], values[i]);
            }
        }
        if (journal != null && !log.isEmpty()) {
            journal.logged(log.take());
        }
        return finish();
    }

    // A series that nobody appended to for the whole retention may have been removed since the caller got it.
    private @Nullable StoredSeries alive(StoredSeries target) {
        return target.isRemoved() ? store.findOrCreate(target.labels()) : target;
    }

    private AppendCounts finish() {
        AppendCounts counts = new AppendCounts(size - refusedCount, refused);
        refused.clear();
        refusedCount = 0;
        rollback();
        store.count(counts);
        return counts;
    }

    /** Drops the batch. */
    public void rollback() {
        Arrays.fill(series, 0, size, null);
        size = 0;
    }
}
