package io.emberwatch.model;

import java.util.Objects;

/**
 * The points of one series in time order.
 *
 * <p>The arrays are handed over, not copied: whoever makes a series must not change them afterwards.
 *
 * @param labels all labels of the series
 * @param timestampsMillis strictly ascending, milliseconds since the Unix epoch
 * @param values as many as there are timestamps
 */
@SuppressWarnings("ArrayRecordComponent") // primitive arrays are the point of this type; it is never a map key
public record Series(Labels labels, long[] timestampsMillis, double[] values) {
    public Series {
        Objects.requireNonNull(labels, "labels");
        if (timestampsMillis.length != values.length) {
            throw new IllegalArgumentException(
                    timestampsMillis.length + " timestamps but " + values.length + " values");
        }
    }

    public int size() {
        return values.length;
    }
}
