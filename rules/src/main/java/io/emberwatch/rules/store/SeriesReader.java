package io.emberwatch.rules.store;

import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.SampleBudget;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers selections from memory and, for what is older, from the database. */
final class SeriesReader {
    /** What one selection may return when nobody gives a budget. */
    private static final long MAX_SAMPLES = 50_000_000;

    private static final int TAKEN_AT_ONCE = 10_000;

    private final SeriesIndex index;
    private final StoreMetrics metrics;
    private final @Nullable ChunkReaders database;

    SeriesReader(SeriesIndex index, StoreMetrics metrics, @Nullable ChunkReaders database) {
        this.index = index;
        this.metrics = metrics;
        this.database = database;
    }

    List<Series> select(List<Matcher> matchers, long mint, long maxt) throws QueryException {
        return read(matchers, mint, maxt, false);
    }

    List<Series> latest(List<Matcher> matchers, long mint, long maxt) throws QueryException {
        return read(matchers, mint, maxt, true);
    }

    private List<Series> read(List<Matcher> matchers, long mint, long maxt, boolean onlyNewest) throws QueryException {
        try (SampleBudget.Share budget = new SampleBudget(MAX_SAMPLES).open()) {
            return read(matchers, mint, maxt, onlyNewest, budget);
        }
    }

    List<Series> read(List<Matcher> matchers, long mint, long maxt, boolean onlyNewest, SampleBudget.Share budget)
            throws QueryException {
        List<StoredSeries> selected = index.select(matchers);
        List<Series> found = new ArrayList<>(selected.size());
        Points points = new Points();
        long samples = 0;
        try (Session session = new Session(mint, maxt, onlyNewest)) {
            for (StoredSeries series : selected) {
                points.clear();
                session.read(series, points);
                if (points.size() > 0) {
                    samples += points.size();
                    if (samples >= TAKEN_AT_ONCE) {
                        budget.take(samples);
                        samples = 0;
                    }
                    found.add(points.toSeries(series.labels()));
                }
            }
            budget.take(samples);
        } catch (SQLException e) {
            throw new QueryException(
                    QueryException.Kind.UNAVAILABLE, "cannot read stored chunks: " + e.getMessage(), e);
        }
        return found;
    }

    /** One selection: bounds, and a connection from when the first series needs one. */
    private final class Session implements AutoCloseable {
        private final long mint;
        private final long maxt;
        private final boolean onlyNewest;
        private ChunkReaders.@Nullable Reader reader;

        Session(long mint, long maxt, boolean onlyNewest) {
            this.mint = mint;
            this.maxt = maxt;
            this.onlyNewest = onlyNewest;
        }

        void read(StoredSeries series, Points points) throws SQLException {
            if (!series.overlaps(mint, maxt) || (onlyNewest && series.readLast(points, mint, maxt))) {
                return;
            }
            StoredSeries.View view = series.view(mint, maxt);
            if (onlyNewest) {
                readMemory(view, points);
                if (points.size() == 0) {
                    readDatabase(series, view, points);
                }
                points.keepLast();
            } else {
                readDatabase(series, view, points);
                readMemory(view, points);
            }
        }

        private void readMemory(StoredSeries.View view, Points points) {
            if (!view.readInto(points, mint, maxt)) {
                metrics.damagedChunks.inc();
            }
        }

        private void readDatabase(StoredSeries series, StoredSeries.View view, Points points) throws SQLException {
            if (database == null || view.memoryStart() <= mint || series.firstMillis() >= view.memoryStart()) {
                return;
            }
            ChunkReaders.Reader connection = reader;
            if (connection == null) {
                connection = database.take();
                reader = connection;
            }
            int damaged = connection.readInto(series.id(), points, mint, maxt, view.memoryStart(), onlyNewest);
            metrics.damagedChunks.inc(damaged);
        }

        @Override
        public void close() {
            if (reader != null) {
                reader.close();
            }
        }
    }
}
