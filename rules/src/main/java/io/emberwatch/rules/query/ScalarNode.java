package io.emberwatch.rules.query;

import io.emberwatch.model.flow.QueryException;

/** A part of a planned query that yields a scalar. Safe for several threads. */
@FunctionalInterface
interface ScalarNode {
    /** The scalar at every time of the grid, which has at least one; the array belongs to the caller. */
    double[] evaluate(Run run, Grid grid) throws QueryException;
}
