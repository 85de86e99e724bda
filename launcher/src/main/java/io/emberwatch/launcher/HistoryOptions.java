package io.emberwatch.launcher;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.rules.StoredHistory;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.SeriesSource;
import io.emberwatch.rules.ruletest.RemoteHistory;
import io.emberwatch.service.promapi.PrometheusClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where samples of the past are: at a Prometheus-compatible API, or in the files of a rule engine, which may run. */
final class HistoryOptions {
    private static final URI DEFAULT = URI.create("http://127.0.0.1:9600");

    @Option(names = "--url", description = "a Prometheus-compatible API; default http://127.0.0.1:9600")
    private @Nullable URI url;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "in place of an API, the data directory of up or rules run, which may be running")
    private @Nullable Path data;

    /**
     * What one word names: an address, or else a directory.
     *
     * @throws IllegalArgumentException when it is neither
     */
    static HistoryOptions of(String urlOrDirectory) {
        HistoryOptions options = new HistoryOptions();
        if (urlOrDirectory.contains("://")) {
            options.url = Conversions.address(urlOrDirectory);
        } else {
            options.data = Path.of(urlOrDirectory);
        }
        return options;
    }

    /** What is done with the samples. */
    @FunctionalInterface
    interface Use<T, R> {
        R with(T source) throws IOException, QueryException;
    }

    /** Gives PromQL to {@code use}. */
    <R> R asking(Use<QuerySource, R> use) throws IOException, QueryException {
        Path directory = data;
        if (directory == null) {
            return use.with(new PrometheusClient(address()));
        }
        try (StoredHistory history = StoredHistory.open(directory)) {
            return use.with(new QueryEngine(history, EngineOptions.defaults()));
        }
    }

    /** Gives stored samples up to {@code end} to {@code use}. */
    <R> R reading(Instant end, Use<SeriesSource, R> use) throws IOException, QueryException {
        Path directory = data;
        if (directory == null) {
            return use.with(new RemoteHistory(new PrometheusClient(address()), end));
        }
        try (StoredHistory history = StoredHistory.open(directory)) {
            return use.with(history);
        }
    }

    private URI address() {
        return url == null ? DEFAULT : url;
    }

    boolean isContradictory() {
        return url != null && data != null;
    }
}
