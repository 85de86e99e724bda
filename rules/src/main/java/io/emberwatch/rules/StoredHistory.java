package io.emberwatch.rules;

import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.SampleBudget;
import io.emberwatch.rules.query.SeriesSource;
import io.emberwatch.rules.store.SeriesStore;
import io.emberwatch.rules.store.StoreConfig;
import io.emberwatch.rules.store.StoreMetrics;
import io.emberwatch.service.config.ByteSize;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** The samples that a rule engine kept, read while it does not run. Nothing is removed, however old. */
public final class StoredHistory implements SeriesSource, AutoCloseable {
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final SeriesStore store;

    private StoredHistory(SeriesStore store) {
        this.store = store;
    }

    /**
     * Opens the store below a data directory.
     *
     * @throws IOException when there is none, or a running engine has it; the message says so
     */
    public static StoredHistory open(Path dataDirectory, InstantSource clock) throws IOException {
        Path directory = dataDirectory.resolve("rules");
        if (!Files.isDirectory(directory)) {
            throw new IOException(directory + ": there is no such directory");
        }
        StoreConfig defaults = StoreConfig.DEFAULT;
        StoreConfig config = new StoreConfig(
                FOR_EVER, new ByteSize(0), defaults.commitInterval(), defaults.memoryWindow(), Integer.MAX_VALUE);
        StoreMetrics metrics = new StoreMetrics(new CollectorRegistry());
        return new StoredHistory(SeriesStore.open(directory, config, clock, new Idle(), metrics));
    }

    @Override
    public List<Series> select(List<Matcher> matchers, long mintMillis, long maxtMillis) throws QueryException {
        return store.select(matchers, mintMillis, maxtMillis);
    }

    @Override
    public List<Series> latest(List<Matcher> matchers, long mintMillis, long maxtMillis) throws QueryException {
        return store.latest(matchers, mintMillis, maxtMillis);
    }

    @Override
    public List<Series> select(
            List<Matcher> matchers, long mintMillis, long maxtMillis, boolean onlyNewest, SampleBudget.Share budget)
            throws QueryException {
        return store.select(matchers, mintMillis, maxtMillis, onlyNewest, budget);
    }

    @Override
    public void close() throws IOException {
        store.close();
    }

    /** Never runs anything: a history is neither committed nor cleaned up. */
    private static final class Idle implements Scheduler {
        @Override
        public Task every(String name, Duration period, Duration offset, Consumer<Instant> tick) {
            return () -> {};
        }

        @Override
        public Task once(String name, Duration delay, Runnable action) {
            return () -> {};
        }
    }
}
