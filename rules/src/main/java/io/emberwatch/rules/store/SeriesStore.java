package io.emberwatch.rules.store;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.Utf8Order;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.SampleSink;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.SampleBudget;
import io.emberwatch.rules.query.SeriesSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The embedded store of samples: compressed chunks in memory, found by label, durable in a SQLite file.
 *
 * <p>Samples are seen by queries as soon as they are appended, and survive a crash from the next commit on ({@link
 * StoreConfig#commitInterval}). A series takes samples in order of time only; what does not fit is refused and counted
 * by {@link Refusal}. All methods may be called by several threads at once.
 */
public final class SeriesStore implements SampleSink, SeriesSource, AutoCloseable {
    /** The most characters that names and values of a series' labels may have together. */
    public static final int MAX_LABELS_LENGTH = 16 << 10;

    static final StoredSeries.ChunkSink NO_SINK = (series, chunk) -> {};

    private final StoreConfig config;
    private final StoreMetrics metrics;
    private final SeriesIndex index;
    private final SeriesReader reader;
    private final @Nullable Persistence persistence;

    private SeriesStore(
            StoreConfig config, StoreMetrics metrics, SeriesIndex index, @Nullable Persistence persistence) {
        this.config = config;
        this.metrics = metrics;
        this.index = index;
        this.persistence = persistence;
        metrics.seriesLimit.set(config.seriesLimit());
        reader = new SeriesReader(index, metrics, persistence == null ? null : persistence.readers());
    }

    /** A store that keeps everything in memory, for ever; of the configuration only the series limit counts. */
    public static SeriesStore inMemory(StoreConfig config, StoreMetrics metrics) {
        return new SeriesStore(config, metrics, new SeriesIndex(), null);
    }

    /**
     * Opens a store with its samples.
     *
     * @param directory made when it is not there; one process at a time can use it
     * @param clock says what is too old to keep
     * @param scheduler commits and cleans up
     * @throws IOException when the directory cannot be used; the message says why and what to do
     */
    public static SeriesStore open(
            Path directory, StoreConfig config, InstantSource clock, Scheduler scheduler, StoreMetrics metrics)
            throws IOException {
        SeriesIndex index = new SeriesIndex();
        Persistence persistence = Persistence.open(directory, config, clock, index, metrics);
        persistence.start(scheduler);
        return new SeriesStore(config, metrics, index, persistence);
    }

    @Override
    public void append(List<Sample> samples) {
        StoreAppender appender = appender();
        for (Sample sample : samples) {
            StoredSeries series = findOrCreate(sample.labels());
            if (series != null) {
                appender.append(series, sample.timestampMillis(), sample.value());
            }
        }
        appender.commit();
    }

    /** An appender for one thread. */
    public StoreAppender appender() {
        return new StoreAppender(this);
    }

    /** The most series the store takes. */
    public int seriesLimit() {
        return config.seriesLimit();
    }

    @Nullable
    StoredSeries find(Labels labels) {
        StoredSeries known = index.find(labels);
        return known != null && !known.isRemoved() ? known : null;
    }

    @Nullable
    StoredSeries findOrCreate(Labels labels) {
        StoredSeries known = find(labels);
        if (known != null) {
            return known;
        }
        if (!acceptable(labels)) {
            metrics.refused(Refusal.BAD_LABELS, 1);
            return null;
        }
        if (index.size() >= config.seriesLimit()) {
            metrics.refused(Refusal.SERIES_LIMIT, 1);
            return null;
        }
        return index.findOrCreate(labels, this::created);
    }

    /** Why {@link #findOrCreate} has no series for these labels. */
    Refusal refusal(Labels labels) {
        return acceptable(labels) ? Refusal.SERIES_LIMIT : Refusal.BAD_LABELS;
    }

    private static boolean acceptable(Labels labels) {
        int length = 0;
        for (int i = 0; i < labels.size(); i++) {
            length += labels.name(i).length() + labels.value(i).length();
        }
        return length > 0 && length <= MAX_LABELS_LENGTH;
    }

    private void created(StoredSeries series) {
        metrics.seriesCreated.inc();
        metrics.headSeries.inc();
        metrics.retainedSeries.inc();
        if (persistence != null) {
            persistence.journal().created(series);
        }
    }

    void count(AppendCounts counts) {
        metrics.samplesAppended.inc(counts.appended());
        counts.refused().forEach(metrics::refused);
    }

    @Nullable
    Journal journal() {
        return persistence == null ? null : persistence.journal();
    }

    /** Samples before this time are refused, milliseconds. */
    long oldestAllowed() {
        return persistence == null ? Long.MIN_VALUE : persistence.oldestAllowed();
    }

    @Override
    public List<Series> select(List<Matcher> matchers, long mintMillis, long maxtMillis) throws QueryException {
        return reader.select(matchers, mintMillis, maxtMillis);
    }

    @Override
    public List<Series> latest(List<Matcher> matchers, long mintMillis, long maxtMillis) throws QueryException {
        return reader.latest(matchers, mintMillis, maxtMillis);
    }

    @Override
    public List<Series> select(
            List<Matcher> matchers, long mintMillis, long maxtMillis, boolean onlyNewest, SampleBudget.Share budget)
            throws QueryException {
        return reader.read(matchers, mintMillis, maxtMillis, onlyNewest, budget);
    }

    /**
     * The labels of the series that meet at least one of the selectors and may have samples between the bounds, sorted.
     *
     * @param selectors none stands for all series
     */
    public List<Labels> series(List<List<Matcher>> selectors, long mintMillis, long maxtMillis) {
        Set<Labels> labels = new TreeSet<>();
        for (StoredSeries series : matching(selectors)) {
            if (series.overlaps(mintMillis, maxtMillis)) {
                labels.add(series.labels());
            }
        }
        return List.copyOf(labels);
    }

    /** The label names of the series that {@link #series} would list, sorted. */
    public List<String> labelNames(List<List<Matcher>> selectors, long mintMillis, long maxtMillis) {
        Set<String> names = new TreeSet<>(Utf8Order.INSTANCE);
        for (StoredSeries series : matching(selectors)) {
            if (series.overlaps(mintMillis, maxtMillis)) {
                names.addAll(series.labels().toMap().keySet());
            }
        }
        return List.copyOf(names);
    }

    /** The values of a label among the series that {@link #series} would list, sorted. */
    public List<String> labelValues(String labelName, List<List<Matcher>> selectors, long mintMillis, long maxtMillis) {
        Set<String> values = new TreeSet<>(Utf8Order.INSTANCE);
        for (StoredSeries series : matching(selectors)) {
            String value = series.labels().get(labelName);
            if (!value.isEmpty() && series.overlaps(mintMillis, maxtMillis)) {
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    private Collection<StoredSeries> matching(List<List<Matcher>> selectors) {
        if (selectors.isEmpty()) {
            return index.select(List.of());
        }
        if (selectors.size() == 1) {
            return index.select(selectors.get(0));
        }
        Collection<StoredSeries> all = new ArrayList<>();
        selectors.forEach(selector -> all.addAll(index.select(selector)));
        return all;
    }

    /**
     * What the store holds.
     *
     * @param top how many names each list has at most
     */
    public HeadStatistics statistics(int top) {
        return StatisticsCollector.collect(index, top);
    }

    /**
     * Makes durable what has been appended until now, without waiting for the next commit.
     *
     * @throws IOException when the disk does not take it; the samples stay in memory and are tried again
     */
    public void sync() throws IOException {
        if (persistence != null && !persistence.journal().commit(false)) {
            throw new IOException(String.join("; ", notReady()));
        }
    }

    /** Why samples are not durable now; empty when they are. */
    public List<String> notReady() {
        String failure = persistence == null ? null : persistence.journal().failure();
        return failure == null ? List.of() : List.of("the store cannot write its samples to disk: " + failure);
    }

    /** Commits what is left and closes the file. */
    @Override
    public void close() throws IOException {
        if (persistence != null) {
            persistence.close();
        }
    }

    /** What was appended, in its order, for whoever passes it on; null when the store is in memory only. */
    public @Nullable SampleLog log() {
        return persistence == null ? null : persistence.log();
    }

    /** For tests that fill the disk and clean up at set times. */
    @Nullable
    Persistence persistence() {
        return persistence;
    }
}
