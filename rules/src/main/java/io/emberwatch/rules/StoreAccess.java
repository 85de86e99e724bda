package io.emberwatch.rules;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.SampleSink;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.SampleBudget;
import io.emberwatch.rules.query.SeriesSource;
import io.emberwatch.rules.store.SeriesStore;
import io.emberwatch.rules.web.SeriesCatalog;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The store while it is open; before and after, it has no answers, and samples are dropped. */
final class StoreAccess implements SeriesSource, SampleSink, SeriesCatalog {
    private volatile @Nullable SeriesStore store;

    void open(SeriesStore opened) {
        store = opened;
    }

    void close() {
        store = null;
    }

    @Nullable
    SeriesStore store() {
        return store;
    }

    private SeriesStore required() throws QueryException {
        SeriesStore open = store;
        if (open == null) {
            throw new QueryException(QueryException.Kind.UNAVAILABLE, "the store is not open");
        }
        return open;
    }

    @Override
    public List<Series> select(List<Matcher> matchers, long mintMillis, long maxtMillis) throws QueryException {
        return required().select(matchers, mintMillis, maxtMillis);
    }

    @Override
    public List<Series> latest(List<Matcher> matchers, long mintMillis, long maxtMillis) throws QueryException {
        return required().latest(matchers, mintMillis, maxtMillis);
    }

    @Override
    public List<Series> select(
            List<Matcher> matchers, long mintMillis, long maxtMillis, boolean onlyNewest, SampleBudget.Share budget)
            throws QueryException {
        return required().select(matchers, mintMillis, maxtMillis, onlyNewest, budget);
    }

    @Override
    public void append(List<Sample> samples) {
        SeriesStore open = store;
        if (open != null) {
            open.append(samples);
        }
    }

    @Override
    public List<Labels> series(List<List<Matcher>> selectors, Instant from, Instant to) throws QueryException {
        return required().series(selectors, from.toEpochMilli(), to.toEpochMilli());
    }

    @Override
    public List<String> labelNames(List<List<Matcher>> selectors, Instant from, Instant to) throws QueryException {
        return required().labelNames(selectors, from.toEpochMilli(), to.toEpochMilli());
    }

    @Override
    public List<String> labelValues(String label, List<List<Matcher>> selectors, Instant from, Instant to)
            throws QueryException {
        return required().labelValues(label, selectors, from.toEpochMilli(), to.toEpochMilli());
    }
}
