package io.emberwatch.rules.store;

/**
 * Takes the points of a chunk that lie within bounds.
 *
 * @param mint first millisecond wanted
 * @param maxt last millisecond wanted
 */
record Cut(Points points, long mint, long maxt) {
    void add(long timestampMillis, double value) {
        if (timestampMillis >= mint && timestampMillis <= maxt) {
            points.add(timestampMillis, value);
        }
    }
}
