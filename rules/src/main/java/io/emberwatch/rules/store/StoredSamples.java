package io.emberwatch.rules.store;

import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.SampleBudget;
import io.emberwatch.rules.query.SeriesSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * The samples of a store's file as they are committed when it is opened, for reading only: beside the process that writes
 * them, which neither waits nor notices, or when there is none. Nothing is left out for its age.
 */
public final class StoredSamples implements SeriesSource, AutoCloseable {
    private final ChunkDatabase database;
    // Chunks that are sealed later begin no earlier than what memory holds, and are not asked for.
    private final ChunkReaders readers;
    private final SeriesReader reader;

    private StoredSamples(ChunkDatabase database, SeriesIndex index, StoreMetrics metrics) {
        this.database = database;
        readers = new ChunkReaders(database.file());
        reader = new SeriesReader(index, metrics, readers);
    }

    /**
     * Opens the file below a directory.
     *
     * @throws IOException when there is none or it cannot be read; the message says why and what to do
     */
    public static StoredSamples open(Path directory, StoreMetrics metrics) throws IOException {
        ChunkDatabase database = ChunkDatabase.openForReading(directory);
        try {
            SeriesIndex index = new SeriesIndex();
            Recovery recovery = new Recovery(database, index);
            recovery.readSeries();
            recovery.replayLog(new ChunkEncoder(), SeriesStore.NO_SINK);
            database.endReading();
            return new StoredSamples(database, index, metrics);
        } catch (SQLException e) {
            database.close();
            throw new IOException(database.file() + ": cannot read the store: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
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

    @Override
    public void close() throws IOException {
        try {
            readers.close();
        } catch (SQLException e) {
            throw new IOException(database.file() + ": cannot close the store: " + e.getMessage(), e);
        } finally {
            database.close();
        }
    }
}
