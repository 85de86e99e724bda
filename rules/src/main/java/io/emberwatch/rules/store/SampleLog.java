package io.emberwatch.rules.store;

import io.emberwatch.rules.store.ChunkReaders.LogRow;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was appended to the store, row by row as it was made durable, for readers that pass it on. Each reader has a name
 * and a position that survives a crash; the log keeps what a reader has not acknowledged, up to a bound.
 *
 * <p>A position is made durable with a later commit, so after a crash a reader sees again what it acknowledged last.
 */
public final class SampleLog {
    private static final Logger logger = LoggerFactory.getLogger("rules.store");

    private final ChunkDatabase database;
    private final ChunkReaders readers;
    private final Journal journal;
    private final SeriesIndex index;
    // Guarded by this.
    private final Map<String, Long> positions = new HashMap<>();
    private final Map<String, Long> dropped = new HashMap<>();
    private long maxBytes = Long.MAX_VALUE;

    SampleLog(ChunkDatabase database, ChunkReaders readers, Journal journal, SeriesIndex index) throws SQLException {
        this.database = database;
        this.readers = readers;
        this.journal = journal;
        this.index = index;
        positions.putAll(database.positions());
    }

    /** Takes the samples of a row in their order. */
    @FunctionalInterface
    public interface Visitor {
        void sample(StoredSeries series, long timestampMillis, double value);
    }

    /** The samples of one commit, or a part of them. */
    public final class Row {
        private final LogRow row;

        Row(LogRow row) {
            this.row = row;
        }

        /** Ascending, not without gaps. */
        public long number() {
            return row.number();
        }

        /** How many samples there are. */
        public int samples() {
            return LogBatch.samples(row.data());
        }

        /**
         * Shows the samples.
         *
         * @return how many there were of series that are gone by now
         */
        public int read(Visitor visitor) {
            int[] gone = new int[1];
            LogBatch.read(row.data(), (id, time, value) -> {
                StoredSeries series = index.byId(id);
                if (series == null) {
                    gone[0]++;
                } else {
                    visitor.sample(series, time, value);
                }
            });
            return gone[0];
        }
    }

    /**
     * Says who reads, and how much is kept for readers.
     *
     * @param names all readers; a new one begins with what is appended from now on, one that is not among them is
     *     forgotten
     * @param bytes the most that the log takes; beyond it the oldest rows go, read or not
     */
    public synchronized void readers(Set<String> names, long bytes) throws IOException {
        maxBytes = bytes;
        for (String known : Set.copyOf(positions.keySet())) {
            if (!names.contains(known)) {
                positions.remove(known);
                dropped.remove(known);
                try {
                    database.forgetReader(known);
                } catch (SQLException e) {
                    throw new IOException("cannot forget where " + known + " was: " + e.getMessage(), e);
                }
            }
        }
        for (String name : names) {
            if (!positions.containsKey(name)) {
                long last = journal.nextLogRow() - 1;
                positions.put(name, last);
                journal.acknowledged(name, last);
            }
        }
    }

    /** The last row that a reader has acknowledged. */
    public synchronized long position(String reader) {
        return positions.getOrDefault(reader, Long.MAX_VALUE);
    }

    /** About how many rows a reader has not acknowledged. */
    public long waiting(String reader) {
        return Math.max(0, journal.nextLogRow() - 1 - position(reader));
    }

    /** The first row after one, or null while there is none. */
    public @Nullable Row after(long number) throws IOException {
        try (ChunkReaders.Reader connection = readers.take()) {
            LogRow row = connection.logRowAfter(number);
            return row == null ? null : new Row(row);
        } catch (SQLException e) {
            throw new IOException("cannot read the log: " + e.getMessage(), e);
        }
    }

    /** Says that a reader needs nothing any more up to this row. */
    public synchronized void acknowledge(String reader, long number) {
        if (positions.containsKey(reader)) {
            positions.put(reader, number);
            journal.acknowledged(reader, number);
        }
    }

    /** How many samples went from the log before a reader had acknowledged them; those told once are not told again. */
    public synchronized long takeDropped(String reader) {
        Long count = dropped.remove(reader);
        return count == null ? 0 : count;
    }

    /**
     * The row below which all can be deleted.
     *
     * @param needed the first row that the store itself needs
     */
    synchronized long deletableBelow(long needed) {
        long first = needed;
        for (long position : positions.values()) {
            first = Math.min(first, position + 1);
        }
        if (first == needed || maxBytes == Long.MAX_VALUE) {
            return first;
        }
        try {
            long cut = Math.min(needed, database.firstLogRowWithin(maxBytes));
            if (cut > first) {
                drop(first, cut);
                return cut;
            }
        } catch (SQLException | IOException e) {
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("the length of the log is not known");
        }
        return first;
    }

    private void drop(long first, long cut) throws IOException {
        long at = first - 1;
        for (Row row = after(at); row != null && row.number() < cut; row = after(at)) {
            at = row.number();
            long samples = LogBatch.samples(row.row.data());
            for (Map.Entry<String, Long> position : positions.entrySet()) {
                if (position.getValue() < at) {
                    dropped.merge(position.getKey(), samples, Long::sum);
                    position.setValue(at);
                    journal.acknowledged(position.getKey(), at);
                }
            }
        }
        logger.atWarn()
                .addKeyValue("rows", cut - first)
                .addKeyValue("limit", maxBytes)
                .log("the log is too long, samples that no remote write has taken are dropped from it");
    }
}
