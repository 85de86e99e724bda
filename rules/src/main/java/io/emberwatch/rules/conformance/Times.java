package io.emberwatch.rules.conformance;

/**
 * When an expression is evaluated.
 *
 * @param range whether as a range query
 * @param startMillis since the Unix epoch
 * @param endMillis since the Unix epoch; the start when it is no range query
 * @param stepMillis of a range query
 */
record Times(boolean range, long startMillis, long endMillis, long stepMillis) {
    static Times instant(long millis) {
        return new Times(false, millis, millis, 0);
    }
}
