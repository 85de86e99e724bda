package io.emberwatch.rules.conformance;

import io.emberwatch.rules.query.SeriesNotation;
import java.util.List;
import java.util.Map;

/** A command of a script. */
sealed interface Command {
    /** The line it starts at, counted from 1. */
    int line();

    /** {@code clear}: forgets all series. */
    record Clear(int line) implements Command {}

    /**
     * {@code load 5m}: adds series.
     *
     * @param customBuckets whether classic histograms are loaded as native ones too
     * @param unsupported names of series with values that cannot be read, and why
     */
    record Load(
            int line,
            long stepMillis,
            boolean customBuckets,
            List<SeriesNotation.Row> rows,
            Map<String, String> unsupported)
            implements Command {}

    /** {@code eval}: evaluates an expression and compares. */
    record Eval(int line, String expression, Times times, Expected expected) implements Command {}

    /** A command, or a series of one, that cannot be read. */
    record Unreadable(int line, String message) implements Command {}
}
