package io.emberwatch.rules.store;

import io.emberwatch.model.time.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The durable side of a store: opens its file, commits, seals what is old, forgets and deletes what is older. */
final class Persistence implements AutoCloseable {
    private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofMinutes(1);
    private static final long MAX_OPEN_AGE_MILLIS = Duration.ofHours(1).toMillis();
    private static final Logger logger = LoggerFactory.getLogger("rules.store");

    private final ChunkDatabase database;
    private final ChunkReaders readers;
    private final StoreConfig config;
    private final InstantSource clock;
    private final SeriesIndex index;
    private final StoreMetrics metrics;
    private final Journal journal;
    private final ChunkEncoder encoder = new ChunkEncoder();
    private final List<Scheduler.Task> tasks = new ArrayList<>();
    private volatile long oldestAllowed;

    private Persistence(
            ChunkDatabase database, StoreConfig config, InstantSource clock, SeriesIndex index, StoreMetrics metrics)
            throws SQLException {
        this.database = database;
        this.config = config;
        this.clock = clock;
        this.index = index;
        this.metrics = metrics;
        readers = new ChunkReaders(database.file());
        journal = new Journal(
                database, metrics, () -> sealBefore(Long.MAX_VALUE), Journal.MAX_WAITING_BYTES, database.nextLogRow());
        oldestAllowed = clock.millis() - config.retention().toMillis();
    }

    static Persistence open(
            Path directory, StoreConfig config, InstantSource clock, SeriesIndex index, StoreMetrics metrics)
            throws IOException {
        ChunkDatabase database = ChunkDatabase.open(directory);
        try {
            Persistence persistence = new Persistence(database, config, clock, index, metrics);
            persistence.recover();
            return persistence;
        } catch (SQLException e) {
            database.close();
            throw new IOException(database.file() + ": cannot read the store: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private void recover() throws SQLException, IOException {
        long began = System.nanoTime();
        Map<Integer, StoredSeries> byId = new HashMap<>();
        index.reserveIds(database.lastSeriesId());
        database.readSeries((id, labels, first, last) -> {
            StoredSeries series = index.restore(id, labels);
            series.restore(first, last);
            byId.put(id, series);
        });
        long window = clock.millis() - config.memoryWindow().toMillis();
        database.readNewestChunks((id, start, end, data) -> {
            StoredSeries series = byId.get(id);
            if (series != null && end >= window) {
                series.prepend(new Chunk(start, end, 0, data, 0, Chunk.State.SAVED));
            }
            return end >= window - StoredSeries.MAX_CHUNK_SPAN_MILLIS;
        });
        long[] replayed = new long[1];
        int damaged = database.replay((row, id, time, value) -> {
            StoredSeries series = byId.get(id);
            if (series != null && series.append(time, value, row, encoder, journal) == null) {
                replayed[0]++;
            }
        });
        if (damaged > 0) {
            logger.atWarn()
                    .addKeyValue("file", database.file())
                    .addKeyValue("rows", damaged)
                    .log("some rows of the write-ahead log were damaged, their samples are lost");
        }
        logger.atInfo()
                .addKeyValue("file", database.file())
                .addKeyValue("series", byId.size())
                .addKeyValue("replayed", replayed[0])
                .addKeyValue("millis", (System.nanoTime() - began) / 1_000_000)
                .log("store opened");
    }

    void start(Scheduler scheduler) {
        tasks.add(scheduler.every("store commit", config.commitInterval(), Duration.ZERO, at -> journal.commit()));
        Duration offset = HOUSEKEEPING_INTERVAL.dividedBy(2);
        tasks.add(scheduler.every("store housekeeping", HOUSEKEEPING_INTERVAL, offset, this::housekeep));
        measure();
    }

    Journal journal() {
        return journal;
    }

    ChunkReaders readers() {
        return readers;
    }

    ChunkDatabase database() {
        return database;
    }

    long oldestAllowed() {
        return oldestAllowed;
    }

    /** Everything that is done once a minute. */
    void housekeep(Instant now) {
        long window = now.toEpochMilli() - config.memoryWindow().toMillis();
        oldestAllowed = now.toEpochMilli() - config.retention().toMillis();
        sealBefore(now.toEpochMilli() - MAX_OPEN_AGE_MILLIS);
        boolean saved = journal.commit();
        if (!saved) {
            journal.giveUpBefore(window);
        }
        index.forEach(series -> series.forgetBefore(window));
        if (saved) {
            try {
                deleteOld();
            } catch (SQLException e) {
                logger.atWarn()
                        .addKeyValue("reason", e.getMessage())
                        .log("could not delete old samples, will try again");
            }
        }
        measure();
    }

    private void sealBefore(long before) {
        ChunkEncoder own = new ChunkEncoder();
        index.forEach(series -> series.sealBefore(before, own, journal));
    }

    private void deleteOld() throws SQLException {
        // Asked before the scan: what is appended while it runs goes to this row or a later one.
        long needed = journal.nextLogRow();
        List<Long> rows = new ArrayList<>(1);
        rows.add(needed);
        index.forEach(series -> rows.set(0, Math.min(rows.get(0), series.oldestLogRowNeeded())));
        journal.deleteLogBelow(rows.get(0));
        int deleted;
        do {
            deleted = database.deleteChunksBefore(oldestAllowed);
        } while (deleted > 0);
        deleteForSize();
        removeSeries();
    }

    private void deleteForSize() throws SQLException {
        long limit = config.retentionSize().bytes();
        if (limit == 0) {
            return;
        }
        boolean cut = false;
        while (database.usedBytes() > limit && database.deleteOldestChunks() > 0) {
            cut = true;
        }
        if (cut) {
            oldestAllowed = Math.max(oldestAllowed, database.oldestChunkEnd());
        }
    }

    private void removeSeries() throws SQLException {
        long before = oldestAllowed;
        List<StoredSeries> removed = new ArrayList<>();
        index.forEach(series -> {
            series.retainFrom(before);
            if (series.removeIfBefore(before)) {
                removed.add(series);
            }
        });
        if (!removed.isEmpty()) {
            index.dropRemoved(removed);
            metrics.seriesRemoved.inc(removed.size());
            database.deleteSeries(removed);
        }
    }

    private void measure() {
        HeadMeasure measure = new HeadMeasure();
        index.forEach(measure::add);
        measure.show(metrics, index.size());
        try {
            metrics.sizeBytes.set((double) database.usedBytes());
        } catch (SQLException e) {
            logger.atDebug().setCause(e).log("size of the store is not known");
        }
    }

    @Override
    public void close() throws IOException {
        tasks.forEach(Scheduler.Task::close);
        boolean saved = journal.commit();
        try {
            readers.close();
        } catch (SQLException e) {
            logger.atDebug().setCause(e).log("a reading connection did not close");
        }
        database.close();
        if (!saved) {
            throw new IOException(database.file() + ": the last samples could not be written: " + journal.failure());
        }
    }

    /** What memory holds. */
    private static final class HeadMeasure {
        private int series;
        private int chunks;
        private long min = Long.MAX_VALUE;
        private long max = Long.MIN_VALUE;

        void add(StoredSeries one) {
            int inMemory = one.chunksInMemory();
            if (inMemory > 0) {
                series++;
                chunks += inMemory;
                min = Math.min(min, one.memoryStartMillis());
                max = Math.max(max, one.lastMillis());
            }
        }

        void show(StoreMetrics metrics, int retained) {
            metrics.headSeries.set(series);
            metrics.headChunks.set(chunks);
            metrics.headMinTime.set(series == 0 ? 0 : min / 1000.0);
            metrics.headMaxTime.set(series == 0 ? 0 : max / 1000.0);
            metrics.retainedSeries.set(retained);
        }
    }
}
