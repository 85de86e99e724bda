package io.emberwatch.rules.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/** Reads sealed chunks from the database, beside the writer, on a few connections that are kept open. */
final class ChunkReaders implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 4;

    private final String url;
    private final Semaphore free = new Semaphore(MAX_CONNECTIONS);
    private final Deque<Reader> idle = new ArrayDeque<>();

    ChunkReaders(Path file) {
        url = "jdbc:sqlite:" + file;
    }

    /** A connection for the reads of one query; waits while all are taken. */
    Reader take() throws SQLException {
        free.acquireUninterruptibly();
        try {
            synchronized (idle) {
                Reader kept = idle.poll();
                if (kept != null) {
                    return kept;
                }
            }
            SQLiteConfig config = new SQLiteConfig();
            config.setReadOnly(true);
            config.setBusyTimeout(10_000);
            return new Reader(config.createConnection(url));
        } catch (SQLException | RuntimeException e) {
            free.release();
            throw e;
        }
    }

    @Override
    public void close() throws SQLException {
        synchronized (idle) {
            for (Reader reader = idle.poll(); reader != null; reader = idle.poll()) {
                reader.connection.close();
            }
        }
    }

    /** A row of the write-ahead log. */
    @SuppressWarnings("ArrayRecordComponent") // lives for the length of one read
    record LogRow(long number, byte[] data) {}

    /** One connection; closing gives it back. */
    final class Reader implements AutoCloseable {
        private final Connection connection;
        private final PreparedStatement between;
        private final PreparedStatement newest;
        private @Nullable PreparedStatement log;

        private Reader(Connection connection) throws SQLException {
            this.connection = connection;
            between = connection.prepareStatement("SELECT start, data FROM chunk"
                    + " WHERE series = ? AND start >= ? AND start <= ? AND end >= ? ORDER BY start");
            newest = connection.prepareStatement("SELECT start, data FROM chunk"
                    + " WHERE series = ? AND start >= ? AND start <= ? AND end >= ? ORDER BY start DESC LIMIT 1");
        }

        /**
         * Adds the points of a series' chunks that start before {@code memoryStart}.
         *
         * @param onlyNewest whether the last chunk is enough
         * @return how many chunks were damaged
         */
        int readInto(int seriesId, Points points, long mint, long maxt, long memoryStart, boolean onlyNewest)
                throws SQLException {
            PreparedStatement query = onlyNewest ? newest : between;
            query.setInt(1, seriesId);
            query.setLong(2, mint < Long.MIN_VALUE / 2 ? mint : mint - StoredSeries.MAX_CHUNK_SPAN_MILLIS);
            query.setLong(3, Math.min(maxt, memoryStart - 1));
            query.setLong(4, mint);
            int damaged = 0;
            Cut cut = new Cut(points, mint, maxt);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    damaged += ChunkEncoder.decode(rows.getBytes(2), rows.getLong(1), cut) ? 0 : 1;
                }
            }
            return damaged;
        }

        /** The first row of the log after this one, or null when there is none. */
        @Nullable
        LogRow logRowAfter(long row) throws SQLException {
            PreparedStatement query = log;
            if (query == null) {
                query = connection.prepareStatement("SELECT row, data FROM log WHERE row > ? ORDER BY row LIMIT 1");
                log = query;
            }
            query.setLong(1, row);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? new LogRow(rows.getLong(1), rows.getBytes(2)) : null;
            }
        }

        @Override
        public void close() {
            synchronized (idle) {
                idle.push(this);
            }
            free.release();
        }
    }
}
