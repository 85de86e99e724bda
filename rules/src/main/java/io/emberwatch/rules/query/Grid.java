package io.emberwatch.rules.query;

/**
 * The times at which an expression is evaluated.
 *
 * @param start the first, milliseconds since the Unix epoch
 * @param step milliseconds between them; positive
 * @param steps how many there are; may be 0
 */
record Grid(long start, long step, int steps) {
    static Grid instant(long at) {
        return new Grid(at, 1, 1);
    }

    long at(int index) {
        return start + index * step;
    }

    long end() {
        return at(steps - 1);
    }

    /** The first time alone. */
    Grid first() {
        return steps == 1 ? this : instant(start);
    }

    long[] timestamps() {
        long[] timestamps = new long[steps];
        for (int i = 0; i < steps; i++) {
            timestamps[i] = at(i);
        }
        return timestamps;
    }
}
