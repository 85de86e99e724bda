package io.emberwatch.model;

/**
 * The stale marker of the Prometheus data model: a NaN with its own bit pattern, written when a series ends.
 *
 * <p>Arithmetic and boxing may change the bits of a NaN, so a marker is only ever stored and compared raw.
 */
public final class Staleness {
    /** The bits of the stale marker, {@code value.StaleNaN} in Prometheus. */
    public static final long STALE_NAN_BITS = 0x7ff0000000000002L;

    /** The bits of an ordinary NaN as Prometheus writes it. */
    public static final long NORMAL_NAN_BITS = 0x7ff8000000000001L;

    public static final double STALE_NAN = Double.longBitsToDouble(STALE_NAN_BITS);

    private Staleness() {}

    public static boolean isStale(double value) {
        return Double.doubleToRawLongBits(value) == STALE_NAN_BITS;
    }
}
