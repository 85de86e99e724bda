package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import org.jspecify.annotations.Nullable;

/** A part of a planned query that yields a range vector. Safe for several threads. */
@FunctionalInterface
interface RangeNode {
    /** The series to look through, and where their windows lie at every time of the grid, which has at least one. */
    Ranges evaluate(Run run, Grid grid) throws QueryException;

    /** The series of a range vector, loaded one after the other. For one thread. */
    interface Ranges {
        Labels[] labels();

        /** Which series lose their name at the end of the query; null stands for none. */
        boolean @Nullable [] dropsName();

        /** The length of all windows in milliseconds. */
        long rangeMillis();

        /** Where the window of a time ends, inclusive; it starts the range earlier, exclusive. */
        long windowEnd(int step);

        /** Puts the points of a series into the window. */
        void load(int row, Window window) throws QueryException;
    }
}
