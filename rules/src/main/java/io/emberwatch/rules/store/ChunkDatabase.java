package io.emberwatch.rules.store;

import io.emberwatch.model.Labels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * The store's file: series, sealed chunks and a write-ahead log of the samples that are in no sealed chunk yet.
 *
 * <p>A SQLite database in WAL mode with {@code synchronous=FULL}: a commit is on the disk when it returns, and what a
 * crash tears is rolled back at the next open. One thread at a time uses it; {@link ChunkReaders} read beside it.
 */
final class ChunkDatabase implements AutoCloseable {
    static final String FILE_NAME = "store.db";

    private static final String LOCK_NAME = "store.lock";
    private static final int SCHEMA_VERSION = 1;
    private static final int DELETE_AT_ONCE = 2_000;
    private static final int NOT_A_DATABASE = 26;
    private static final int CORRUPT = 11;

    private final Path file;
    private final @Nullable FileChannel lockFile;
    private final Connection connection;

    /** A sealed chunk and whose it is. */
    record SealedChunk(StoredSeries series, Chunk chunk) {}

    /**
     * What one commit makes durable.
     *
     * @param series new series
     * @param firstLogRow the number of the first of the log rows
     * @param logRows samples, see {@link LogBatch}
     * @param logRowsBelow log rows with lower numbers are deleted
     * @param positions up to which row each reader of the log has come, by its name
     */
    record Batch(
            Collection<StoredSeries> series,
            long firstLogRow,
            List<byte[]> logRows,
            Collection<SealedChunk> chunks,
            long logRowsBelow,
            Map<String, Long> positions) {}

    /** Takes the series of the database, in the order of their ids. */
    @FunctionalInterface
    interface SeriesVisitor {
        void series(int id, Labels labels, long firstMillis, long lastMillis);
    }

    /** Takes chunks of the database; returns false when it wants no more. */
    @FunctionalInterface
    interface ChunkVisitor {
        boolean chunk(int seriesId, long start, long end, byte[] data);
    }

    private ChunkDatabase(Path file, @Nullable FileChannel lockFile, Connection connection) {
        this.file = file;
        this.lockFile = lockFile;
        this.connection = connection;
    }

    /** @throws IOException when the directory cannot be used; the message says why and what to do */
    static ChunkDatabase open(Path directory) throws IOException {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new IOException(directory + ": cannot make the data directory: " + reason(e), e);
        }
        FileChannel lockFile = lock(directory);
        Path file = directory.resolve(FILE_NAME);
        try {
            return new ChunkDatabase(file, lockFile, connect(file));
        } catch (SQLException e) {
            lockFile.close();
            throw new IOException(file + ": " + explain(e), e);
        }
    }

    /**
     * Opens a database for reading as it is now, beside a process that writes to it or alone. What that process commits
     * from here on is not seen, except by {@link ChunkReaders}.
     *
     * @throws IOException when there is none or it cannot be read; the message says why and what to do
     */
    static ChunkDatabase openForReading(Path directory) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": there is no such file; --data names the directory that was given to up or"
                    + " rules run");
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(10_000);
        try {
            Connection connection = config.createConnection("jdbc:sqlite:" + file);
            try (Statement statement = connection.createStatement()) {
                requireKnown(file, statement);
                // What is read until endReading is as of one moment.
                statement.executeUpdate("BEGIN");
                return new ChunkDatabase(file, null, connection);
            } catch (SQLException | IOException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new IOException(file + ": " + explain(e), e);
        }
    }

    /** Lets a writer go on with what {@link #openForReading} held fast. */
    synchronized void endReading() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("COMMIT");
        }
    }

    private static void requireKnown(Path file, Statement statement) throws SQLException, IOException {
        int version = (int) number(statement, "PRAGMA user_version");
        if (version > SCHEMA_VERSION) {
            throw new IOException(file + ": was written by a newer version of this program (schema " + version
                    + ", known is " + SCHEMA_VERSION + ")");
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel;
        try {
            channel =
                    FileChannel.open(directory.resolve(LOCK_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException(directory + ": the data directory is not writable: " + reason(e), e);
        }
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException(directory + ": the data directory is in use by this process already", e);
        }
        channel.close();
        throw new IOException(directory + ": the data directory is in use by another process");
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : " " + e.getMessage());
    }

    private static String explain(SQLException e) {
        return switch (e.getErrorCode() & 0xff) {
            case NOT_A_DATABASE, CORRUPT ->
                "is damaged or no database of this store; move it away to begin anew (" + e.getMessage() + ")";
            default -> "cannot open the store: " + e.getMessage();
        };
    }

    private static Connection connect(Path file) throws SQLException, IOException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(10_000);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setJournalSizeLimit(64 << 20);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            requireKnown(file, statement);
            createTables(statement);
            return connection;
        } catch (SQLException | IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static void createTables(Statement statement) throws SQLException {
        statement.executeUpdate("BEGIN IMMEDIATE");
        // AUTOINCREMENT: the id of a deleted series is never given again, old log rows may still name it.
        statement.executeUpdate(
                "CREATE TABLE IF NOT EXISTS series(id INTEGER PRIMARY KEY AUTOINCREMENT, labels BLOB NOT NULL)");
        // Rows are appended in the order of sealing, which fills pages; the index finds them by series.
        statement.executeUpdate("CREATE TABLE IF NOT EXISTS chunk(id INTEGER PRIMARY KEY, series INTEGER NOT NULL,"
                + " start INTEGER NOT NULL, end INTEGER NOT NULL, data BLOB NOT NULL)");
        statement.executeUpdate("CREATE UNIQUE INDEX IF NOT EXISTS chunk_by_series ON chunk(series, start)");
        statement.executeUpdate("CREATE TABLE IF NOT EXISTS log(row INTEGER PRIMARY KEY, data BLOB NOT NULL)");
        statement.executeUpdate("CREATE TABLE IF NOT EXISTS reader(name TEXT PRIMARY KEY, row INTEGER NOT NULL)");
        statement.executeUpdate("PRAGMA user_version = " + SCHEMA_VERSION);
        statement.executeUpdate("COMMIT");
    }

    Path file() {
        return file;
    }

    /** The highest id that a series ever had. */
    synchronized int lastSeriesId() throws SQLException {
        return (int) query("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'series'");
    }

    /** The number after that of the last log row. */
    synchronized long nextLogRow() throws SQLException {
        return query("SELECT coalesce(max(row), 0) + 1 FROM log");
    }

    synchronized void readSeries(SeriesVisitor visitor) throws SQLException, IOException {
        String sql = "SELECT id, labels, (SELECT min(start) FROM chunk WHERE series = s.id),"
                + " (SELECT end FROM chunk WHERE series = s.id ORDER BY start DESC LIMIT 1)"
                + " FROM series s ORDER BY id";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                long first = rows.getLong(3);
                boolean empty = rows.wasNull();
                visitor.series(
                        rows.getInt(1),
                        LabelsBytes.decode(rows.getBytes(2)),
                        empty ? Long.MAX_VALUE : first,
                        empty ? Long.MIN_VALUE : rows.getLong(4));
            }
        }
    }

    /** Reads chunks, the last sealed first. */
    synchronized void readNewestChunks(ChunkVisitor visitor) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT series, start, end, data FROM chunk ORDER BY id DESC")) {
            boolean more = true;
            while (more && rows.next()) {
                more = visitor.chunk(rows.getInt(1), rows.getLong(2), rows.getLong(3), rows.getBytes(4));
            }
        }
    }

    /**
     * Reads the log in its order.
     *
     * @return how many rows were damaged
     */
    synchronized int replay(RowVisitor visitor) throws SQLException {
        int damaged = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT row, data FROM log ORDER BY row")) {
            while (rows.next()) {
                long row = rows.getLong(1);
                boolean sound =
                        LogBatch.read(rows.getBytes(2), (id, time, value) -> visitor.sample(row, id, time, value));
                damaged += sound ? 0 : 1;
            }
        }
        return damaged;
    }

    /** Takes the samples of the log. */
    @FunctionalInterface
    interface RowVisitor {
        void sample(long row, int seriesId, long timestampMillis, double value);
    }

    /** Makes a batch durable, all of it or nothing. */
    synchronized void commit(Batch batch) throws SQLException {
        inTransaction(() -> {
            insertSeries(batch.series());
            insertLog(batch.firstLogRow(), batch.logRows());
            insertChunks(batch.chunks());
            insertPositions(batch.positions());
            if (batch.logRowsBelow() > 0) {
                update("DELETE FROM log WHERE row < ?", batch.logRowsBelow());
            }
        });
    }

    // Not by JDBC's autocommit: when the disk is full SQLite itself rolls back, and the driver does not notice.
    private void inTransaction(Work work) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("BEGIN IMMEDIATE");
            try {
                work.run();
                statement.executeUpdate("COMMIT");
            } catch (SQLException | RuntimeException e) {
                rollback(statement, e);
                throw e;
            }
        }
    }

    private static void rollback(Statement statement, Exception cause) {
        try {
            statement.executeUpdate("ROLLBACK");
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    private void insertSeries(Collection<StoredSeries> series) throws SQLException {
        if (series.isEmpty()) {
            return;
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT OR REPLACE INTO series(id, labels) VALUES(?, ?)")) {
            for (StoredSeries one : series) {
                insert.setInt(1, one.id());
                insert.setBytes(2, LabelsBytes.encode(one.labels()));
                insert.executeUpdate();
            }
        }
    }

    private void insertLog(long firstRow, List<byte[]> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO log(row, data) VALUES(?, ?)")) {
            long row = firstRow;
            for (byte[] data : rows) {
                insert.setLong(1, row++);
                insert.setBytes(2, data);
                insert.executeUpdate();
            }
        }
    }

    private void insertChunks(Collection<SealedChunk> chunks) throws SQLException {
        if (chunks.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT OR REPLACE INTO chunk(series, start, end, data) VALUES(?, ?, ?, ?)")) {
            for (SealedChunk one : inIndexOrder(chunks)) {
                insert.setInt(1, one.series().id());
                insert.setLong(2, one.chunk().start());
                insert.setLong(3, one.chunk().end());
                insert.setBytes(4, one.chunk().data());
                insert.executeUpdate();
            }
        }
    }

    private void insertPositions(Map<String, Long> positions) throws SQLException {
        if (positions.isEmpty()) {
            return;
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT OR REPLACE INTO reader(name, row) VALUES(?, ?)")) {
            for (Map.Entry<String, Long> position : positions.entrySet()) {
                insert.setString(1, position.getKey());
                insert.setLong(2, position.getValue());
                insert.executeUpdate();
            }
        }
    }

    /** Up to which row each reader of the log had come. */
    synchronized Map<String, Long> positions() throws SQLException {
        Map<String, Long> positions = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name, row FROM reader")) {
            while (rows.next()) {
                positions.put(rows.getString(1), rows.getLong(2));
            }
        }
        return positions;
    }

    synchronized void forgetReader(String name) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM reader WHERE name = ?")) {
            delete.setString(1, name);
            delete.executeUpdate();
        }
    }

    /** The first log row from which on all rows together have at most so many bytes. */
    synchronized long firstLogRowWithin(long bytes) throws SQLException {
        long left = bytes;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT row, length(data) FROM log ORDER BY row DESC")) {
            long first = Long.MAX_VALUE;
            while (rows.next()) {
                left -= rows.getLong(2);
                if (left < 0) {
                    return first;
                }
                first = rows.getLong(1);
            }
        }
        return 0;
    }

    private static List<SealedChunk> inIndexOrder(Collection<SealedChunk> chunks) {
        List<SealedChunk> sorted = new ArrayList<>(chunks);
        sorted.sort(Comparator.<SealedChunk>comparingInt(one -> one.series().id())
                .thenComparingLong(one -> one.chunk().start()));
        return sorted;
    }

    /** Deletes chunks that ended before {@code before}, some at a time; returns how many, zero when there are no more. */
    synchronized int deleteChunksBefore(long before) throws SQLException {
        return delete("DELETE FROM chunk WHERE id IN (SELECT id FROM (SELECT id, end FROM chunk ORDER BY id LIMIT "
                + DELETE_AT_ONCE + ") WHERE end < " + before + ")");
    }

    /** Deletes some of the chunks that were sealed first; returns how many. */
    synchronized int deleteOldestChunks() throws SQLException {
        return delete("DELETE FROM chunk WHERE id IN (SELECT id FROM chunk ORDER BY id LIMIT " + DELETE_AT_ONCE + ")");
    }

    /** The end of the chunk that was sealed first, milliseconds; {@link Long#MIN_VALUE} when there is none. */
    synchronized long oldestChunkEnd() throws SQLException {
        return query("SELECT coalesce((SELECT end FROM chunk ORDER BY id LIMIT 1), " + Long.MIN_VALUE + ")");
    }

    synchronized void deleteSeries(Collection<StoredSeries> series) throws SQLException {
        inTransaction(() -> {
            for (StoredSeries one : series) {
                update("DELETE FROM chunk WHERE series = ?", one.id());
                update("DELETE FROM series WHERE id = ?", one.id());
            }
        });
    }

    private int delete(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private void update(String sql, long argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, argument);
            statement.executeUpdate();
        }
    }

    /** Bytes of the pages in use; free pages inside the file do not count, they are used again. */
    synchronized long usedBytes() throws SQLException {
        return (query("PRAGMA page_count") - query("PRAGMA freelist_count")) * query("PRAGMA page_size");
    }

    /** Lets the file grow to no more than this many pages. */
    synchronized void limitPages(long pages) throws SQLException {
        query("PRAGMA max_page_count = " + pages);
    }

    private long query(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return number(statement, sql);
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException(file + ": cannot close the store: " + e.getMessage(), e);
        } finally {
            if (lockFile != null) {
                lockFile.close();
            }
        }
    }
}
