package io.emberwatch.model.line;

/** The unit of a line's timestamp. */
public enum Precision {
    NANOSECONDS(1),
    MICROSECONDS(1_000),
    MILLISECONDS(1_000_000),
    SECONDS(1_000_000_000);

    private final long nanos;

    Precision(long nanos) {
        this.nanos = nanos;
    }

    /** Nanoseconds in one unit. */
    public long nanos() {
        return nanos;
    }

    /** A point of time cut down to this precision, towards the past. */
    public long truncate(long timestampNanos) {
        return timestampNanos - Math.floorMod(timestampNanos, nanos);
    }
}
