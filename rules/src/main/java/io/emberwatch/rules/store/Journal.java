package io.emberwatch.rules.store;

import io.emberwatch.rules.store.ChunkDatabase.Batch;
import io.emberwatch.rules.store.ChunkDatabase.SealedChunk;
import io.prometheus.client.Histogram;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is in memory and not yet on disk, and the one way there: {@link #commit}.
 *
 * <p>While the database takes nothing (a full disk), log batches wait up to {@link #MAX_WAITING_BYTES}. Past that they
 * are dropped, since memory still holds their samples; when the database is back all open chunks are sealed and written,
 * which closes the gap.
 */
final class Journal implements StoredSeries.ChunkSink {
    static final long MAX_WAITING_BYTES = 64L << 20;

    private static final int MAX_ROW_BYTES = 4 << 20;
    private static final int MAX_WAITING_CHUNKS = 20_000;
    private static final int PROBE_BYTES = 64 << 10;
    private static final Logger logger = LoggerFactory.getLogger("rules.store");

    private final ChunkDatabase database;
    private final StoreMetrics metrics;
    private final Runnable sealAll;
    private final long maxWaitingBytes;
    private final Object commitLock = new Object();

    // Guarded by this.
    private List<StoredSeries> series = new ArrayList<>();
    private List<SealedChunk> chunks = new ArrayList<>();
    private List<byte[]> log = new ArrayList<>();
    private long logBytes;
    private boolean gap;
    private long logRowsBelow;
    private Map<String, Long> positions = new HashMap<>();

    private final AtomicLong nextLogRow;
    private volatile @Nullable String failure;

    /** @param sealAll closes every open chunk and hands it to this journal */
    Journal(ChunkDatabase database, StoreMetrics metrics, Runnable sealAll, long maxWaitingBytes, long nextLogRow) {
        this.database = database;
        this.metrics = metrics;
        this.sealAll = sealAll;
        this.maxWaitingBytes = maxWaitingBytes;
        this.nextLogRow = new AtomicLong(nextLogRow);
    }

    /** The number of the log row that will hold what is logged from now on, or of one before it. */
    long nextLogRow() {
        return nextLogRow.get();
    }

    /** Why the last commit failed, or null. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Bytes of log batches that wait for a commit. */
    synchronized long waitingBytes() {
        return logBytes;
    }

    synchronized void created(StoredSeries newSeries) {
        series.add(newSeries);
    }

    @Override
    public synchronized void sealed(StoredSeries owner, Chunk chunk) {
        chunks.add(new SealedChunk(owner, chunk));
    }

    synchronized void logged(byte[] batch) {
        if (gap) {
            metrics.unloggedSamples.inc(LogBatch.samples(batch));
        } else {
            log.add(batch);
            logBytes += batch.length;
        }
    }

    /** Notes up to which row a reader of the log has come; durable with a later commit. */
    synchronized void acknowledged(String reader, long row) {
        positions.put(reader, row);
    }

    /** Lets the next commit delete the log rows that no chunk needs any more. */
    synchronized void deleteLogBelow(long row) {
        logRowsBelow = row;
    }

    /**
     * Makes durable what has been logged until now; returns whether it is.
     *
     * @param chunksToo whether to write the waiting chunks as well. The log has their samples, so they may wait for more
     *     of their kind: written together and in the order of their series they cost a fraction
     */
    boolean commit(boolean chunksToo) {
        synchronized (commitLock) {
            Histogram.Timer timer = metrics.commitDuration.startTimer();
            try {
                boolean gapToClose = hasGap();
                if (gapToClose) {
                    database.commit(new Batch(
                            List.of(),
                            nextLogRow.getAndIncrement(),
                            List.of(new byte[PROBE_BYTES]),
                            List.of(),
                            0,
                            Map.of()));
                    closeGap();
                }
                commitWaiting(chunksToo || gapToClose);
                return true;
            } catch (SQLException e) {
                failed(e);
                return false;
            } finally {
                timer.observeDuration();
            }
        }
    }

    private synchronized boolean hasGap() {
        return gap;
    }

    // From here on batches are kept again; what was appended before is in memory and about to be sealed.
    private void closeGap() {
        synchronized (this) {
            gap = false;
        }
        sealAll.run();
    }

    private void commitWaiting(boolean chunksToo) throws SQLException {
        Batch batch = take(chunksToo);
        boolean nothing = batch.series().isEmpty()
                && batch.logRows().isEmpty()
                && batch.chunks().isEmpty()
                && batch.logRowsBelow() == 0
                && !(chunksToo && !batch.positions().isEmpty());
        if (nothing) {
            putBack(batch.positions());
        } else {
            try {
                database.commit(batch);
            } catch (SQLException | RuntimeException e) {
                putBack(batch);
                throw e;
            }
        }
        batch.chunks().forEach(saved -> saved.chunk().become(Chunk.State.SAVED));
        if (failure != null) {
            logger.atInfo().addKeyValue("file", database.file()).log("the database takes samples again");
            failure = null;
        }
    }

    private synchronized Batch take(boolean chunksToo) {
        List<byte[]> rows = rows(log);
        List<SealedChunk> taken = List.of();
        if (chunksToo || chunks.size() > MAX_WAITING_CHUNKS) {
            taken = chunks;
            chunks = new ArrayList<>();
        }
        Batch batch = new Batch(series, nextLogRow.getAndAdd(rows.size()), rows, taken, logRowsBelow, positions);
        positions = new HashMap<>();
        series = new ArrayList<>();
        log = new ArrayList<>();
        logBytes = 0;
        logRowsBelow = 0;
        metrics.unsavedBytes.set(0);
        return batch;
    }

    private static List<byte[]> rows(List<byte[]> batches) {
        List<byte[]> rows = new ArrayList<>();
        int from = 0;
        while (from < batches.size()) {
            int to = from;
            int length = 0;
            while (to < batches.size() && (to == from || length + batches.get(to).length <= MAX_ROW_BYTES)) {
                length += batches.get(to++).length;
            }
            byte[] row = new byte[length];
            int position = 0;
            for (byte[] batch : batches.subList(from, to)) {
                System.arraycopy(batch, 0, row, position, batch.length);
                position += batch.length;
            }
            rows.add(row);
            from = to;
        }
        return rows;
    }

    private synchronized void putBack(Map<String, Long> older) {
        older.forEach(positions::putIfAbsent);
    }

    private synchronized void putBack(Batch batch) {
        putBack(batch.positions());
        List<StoredSeries> newer = series;
        series = new ArrayList<>(batch.series());
        series.addAll(newer);
        List<SealedChunk> newerChunks = chunks;
        chunks = new ArrayList<>(batch.chunks());
        chunks.addAll(newerChunks);
        log.addAll(0, batch.logRows());
        logBytes += batch.logRows().stream().mapToLong(row -> row.length).sum();
        logRowsBelow = Math.max(logRowsBelow, batch.logRowsBelow());
        if (logBytes > maxWaitingBytes) {
            log.forEach(dropped -> metrics.unloggedSamples.inc(LogBatch.samples(dropped)));
            log = new ArrayList<>();
            logBytes = 0;
            gap = true;
        }
        metrics.unsavedBytes.set((double) logBytes);
    }

    private void failed(SQLException e) {
        metrics.commitFailures.inc();
        if (failure == null) {
            logger.atError()
                    .addKeyValue("file", database.file())
                    .addKeyValue("reason", e.getMessage())
                    .log("cannot write, samples stay in memory until the database takes them");
        }
        failure = e.getMessage();
    }

    /** Gives up chunks that ended before {@code before} and still wait: memory must not grow for ever. */
    synchronized void giveUpBefore(long before) {
        long lost = 0;
        for (Iterator<SealedChunk> waiting = chunks.iterator(); waiting.hasNext(); ) {
            Chunk chunk = waiting.next().chunk();
            if (chunk.end() < before) {
                chunk.become(Chunk.State.LOST);
                lost += chunk.count();
                waiting.remove();
            }
        }
        metrics.lostSamples.inc((double) lost);
    }
}
