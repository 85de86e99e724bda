package io.emberwatch.rules.query;

import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import java.util.List;

/**
 * Where the engine reads stored series. May be called by several threads at once.
 *
 * <p>Contract of the series returned: each set of labels at most once; timestamps strictly ascending; stale markers
 * ({@link io.emberwatch.model.Staleness}) included with their raw bits. Points outside the bounds and series without
 * any point inside them are allowed (a source may hand out whole chunks); the engine cuts. The arrays are read only.
 * Returning the identical {@link io.emberwatch.model.Labels} instance for a series every time lets a prepared query
 * keep its grouping between evaluations.
 */
@FunctionalInterface
public interface SeriesSource {
    /**
     * Stands for a native histogram among the values of a series: the engine counts it as a sample and computes nothing
     * from it.
     */
    double NATIVE_HISTOGRAM = Double.longBitsToDouble(0x7ff0000000000003L);

    /**
     * The series that meet every matcher, in any order, with at least all their points between the bounds.
     *
     * @param mintMillis first millisecond wanted, inclusive. PromQL's ranges are open on the left: the engine has added
     *     the one millisecond already
     * @param maxtMillis last millisecond wanted, inclusive
     * @throws QueryException when the data cannot be read
     */
    List<Series> select(List<Matcher> matchers, long mintMillis, long maxtMillis) throws QueryException;

    /**
     * As {@link #select}, but only the newest point of each series between the bounds is needed (stale markers count as
     * points). A source that finds it cheaper than the whole range overrides this.
     */
    default List<Series> latest(List<Matcher> matchers, long mintMillis, long maxtMillis) throws QueryException {
        return select(matchers, mintMillis, maxtMillis);
    }

    /**
     * As {@link #latest} or {@link #select}, with the samples that are returned taken from a budget. A source that reads
     * many takes them as it reads, and so stops in time.
     */
    default List<Series> select(
            List<Matcher> matchers, long mintMillis, long maxtMillis, boolean onlyNewest, SampleBudget.Share budget)
            throws QueryException {
        List<Series> series =
                onlyNewest ? latest(matchers, mintMillis, maxtMillis) : select(matchers, mintMillis, maxtMillis);
        long samples = 0;
        for (Series one : series) {
            samples += onlyNewest ? 1 : one.size();
        }
        budget.take(samples);
        return series;
    }
}
