package io.emberwatch.rules.query;

import io.emberwatch.model.flow.QueryException;

/** A part of a planned query that yields an instant vector. Safe for several threads. */
@FunctionalInterface
interface VectorNode {
    /** The vector at every time of the grid, which has at least one; it belongs to the caller. */
    Frame evaluate(Run run, Grid grid) throws QueryException;
}
