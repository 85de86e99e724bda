package io.emberwatch.rules;

import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.SampleBudget;
import io.emberwatch.rules.query.SeriesSource;
import io.emberwatch.rules.store.StoreMetrics;
import io.emberwatch.rules.store.StoredSamples;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The samples that a rule engine keeps, for reading only, whether it runs or not. Of a running one they are those that it
 * has committed until the moment of opening. Nothing is removed, however old.
 */
public final class StoredHistory implements SeriesSource, AutoCloseable {
    private final StoredSamples samples;

    private StoredHistory(StoredSamples samples) {
        this.samples = samples;
    }

    /**
     * Opens the store below a data directory.
     *
     * @throws IOException when there is none or it cannot be read; the message says so
     */
    public static StoredHistory open(Path dataDirectory) throws IOException {
        Path directory = dataDirectory.resolve("rules");
        if (!Files.isDirectory(directory)) {
            throw new IOException(directory + ": there is no such directory");
        }
        return new StoredHistory(StoredSamples.open(directory, new StoreMetrics(new CollectorRegistry())));
    }

    @Override
    public List<Series> select(List<Matcher> matchers, long mintMillis, long maxtMillis) throws QueryException {
        return samples.select(matchers, mintMillis, maxtMillis);
    }

    @Override
    public List<Series> latest(List<Matcher> matchers, long mintMillis, long maxtMillis) throws QueryException {
        return samples.latest(matchers, mintMillis, maxtMillis);
    }

    @Override
    public List<Series> select(
            List<Matcher> matchers, long mintMillis, long maxtMillis, boolean onlyNewest, SampleBudget.Share budget)
            throws QueryException {
        return samples.select(matchers, mintMillis, maxtMillis, onlyNewest, budget);
    }

    @Override
    public void close() throws IOException {
        samples.close();
    }
}
