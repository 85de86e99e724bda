package io.emberwatch.rules.query;

import io.emberwatch.model.flow.QueryException;

/**
 * The times that a selector or subquery looks at, one for each time of a grid.
 *
 * @param start that of the first
 * @param step from one to the next; 0 when {@code @} fixes the time
 * @param steps how many
 */
record Reference(long start, long step, int steps) {
    static Reference of(Timing timing, Run run, Grid grid) throws QueryException {
        long offset = timing.offset() == null ? 0 : Lengths.signed(timing.offset(), run);
        Timing.At at = timing.at();
        if (at instanceof Timing.At.Fixed fixed) {
            return new Reference(fixed.millis() - offset, 0, grid.steps());
        }
        if (at instanceof Timing.At.Start) {
            return new Reference(run.start() - offset, 0, grid.steps());
        }
        if (at instanceof Timing.At.End) {
            return new Reference(run.end() - offset, 0, grid.steps());
        }
        return new Reference(grid.start() - offset, grid.step(), grid.steps());
    }

    long at(int index) {
        return start + index * step;
    }

    long first() {
        return start;
    }

    long last() {
        return at(steps - 1);
    }
}
