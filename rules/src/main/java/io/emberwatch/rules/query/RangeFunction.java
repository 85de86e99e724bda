package io.emberwatch.rules.query;

/** Computes a value from the samples of one series within a range. */
@FunctionalInterface
interface RangeFunction {
    /** The value, or {@link Frame#ABSENT} when there is none. The window is not empty. */
    double apply(Window window);
}
