package io.emberwatch.rules.store;

import io.emberwatch.model.time.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The durable side of a store: opens its file, commits, seals what is old, forgets and deletes what is older. */
final class Persistence implements AutoCloseable {
    private static final Duration CHUNK_INTERVAL = Duration.ofMinutes(1);
    private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofMinutes(5);
    private static final long MAX_OPEN_AGE_MILLIS = Duration.ofHours(1).toMillis();
    private static final int REMOVED_AT_ONCE = 1_000;
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
    private final SampleLog log;
    private RetentionClock retention;
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
        log = new SampleLog(database, readers, journal, index);
        retention = new RetentionClock(config.retention().toMillis(), clock.millis(), Long.MIN_VALUE);
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
        Recovery recovery = new Recovery(database, index);
        recovery.readSeries();
        recovery.readChunksFrom(clock.millis() - config.memoryWindow().toMillis());
        recovery.replayLog(encoder, journal);
        retention = new RetentionClock(config.retention().toMillis(), clock.millis(), recovery.newestMillis());
        oldestAllowed = retention.look(clock.millis());
        recovery.log(began);
    }

    void start(Scheduler scheduler) {
        tasks.add(scheduler.every("store commit", config.commitInterval(), Duration.ZERO, at -> journal.commit(false)));
        tasks.add(scheduler.every(
                "store chunks", CHUNK_INTERVAL, CHUNK_INTERVAL.dividedBy(3), at -> journal.commit(true)));
        Duration offset = HOUSEKEEPING_INTERVAL.dividedBy(2);
        tasks.add(scheduler.every("store housekeeping", HOUSEKEEPING_INTERVAL, offset, this::housekeep));
        HeadScan scan = new HeadScan(Long.MIN_VALUE, Long.MIN_VALUE, 0);
        index.forEach(scan::visit);
        show(scan);
    }

    Journal journal() {
        return journal;
    }

    SampleLog log() {
        return log;
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

    /** What is done every few minutes: seals what is old, forgets what is saved, deletes what is not retained. */
    void housekeep(Instant now) {
        long window = now.toEpochMilli() - config.memoryWindow().toMillis();
        oldestAllowed = Math.max(oldestAllowed, retention.look(now.toEpochMilli()));
        sealBefore(now.toEpochMilli() - MAX_OPEN_AGE_MILLIS);
        boolean saved = journal.commit(true);
        if (saved) {
            deleteOldChunks();
        } else {
            journal.giveUpBefore(window);
        }
        // Asked before the scan: what is appended while it runs goes to this row or a later one.
        HeadScan scan = new HeadScan(window, oldestAllowed, journal.nextLogRow());
        index.forEach(scan::visit);
        if (saved) {
            journal.deleteLogBelow(log.deletableBelow(scan.oldestLogRowNeeded()));
            remove(scan.removed());
            evictNearLimit();
        }
        show(scan);
    }

    private void sealBefore(long before) {
        ChunkEncoder own = new ChunkEncoder();
        index.forEach(series -> series.sealBefore(before, own, journal));
    }

    private void deleteOldChunks() {
        try {
            while (database.oldestChunkEnd() < oldestAllowed && database.deleteChunksBefore(oldestAllowed) > 0) {
                logger.atDebug().addKeyValue("before", oldestAllowed).log("old chunks deleted");
            }
            long limit = config.retentionSize().bytes();
            while (limit > 0 && database.usedBytes() > limit && database.deleteOldestChunks() > 0) {
                oldestAllowed = Math.max(oldestAllowed, database.oldestChunkEnd());
            }
        } catch (SQLException e) {
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("could not delete old samples, will try again");
        }
    }

    private void remove(List<StoredSeries> removed) {
        if (removed.isEmpty()) {
            return;
        }
        metrics.seriesRemoved.inc(removed.size());
        index.dropRemoved(removed);
        for (int from = 0; from < removed.size(); from += REMOVED_AT_ONCE) {
            List<StoredSeries> some = removed.subList(from, Math.min(removed.size(), from + REMOVED_AT_ONCE));
            try {
                database.deleteSeries(some);
            } catch (SQLException e) {
                // They come back at the next start and are removed again.
                logger.atWarn().addKeyValue("reason", e.getMessage()).log("could not delete series from the database");
            }
        }
    }

    // New series matter more than those that ended long ago: they must not be refused while there are such.
    private void evictNearLimit() {
        long limit = config.seriesLimit();
        if (index.size() <= limit * 9 / 10) {
            return;
        }
        List<StoredSeries> ended = new ArrayList<>();
        index.forEach(series -> {
            if (series.chunksInMemory() == 0) {
                ended.add(series);
            }
        });
        ended.sort(Comparator.comparingLong(StoredSeries::lastMillis));
        long surplus = index.size() - limit * 8 / 10;
        List<StoredSeries> evicted =
                ended.stream().limit(surplus).filter(StoredSeries::evict).toList();
        remove(evicted);
        metrics.seriesEvicted.inc(evicted.size());
    }

    private void show(HeadScan scan) {
        scan.show(metrics);
        metrics.retainedSeries.set(index.size());
        try {
            metrics.sizeBytes.set((double) database.usedBytes());
        } catch (SQLException e) {
            logger.atDebug().setCause(e).log("size of the store is not known");
        }
    }

    @Override
    public void close() throws IOException {
        tasks.forEach(Scheduler.Task::close);
        boolean saved = journal.commit(true);
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
}
