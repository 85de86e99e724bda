package io.emberwatch.push.route;

import io.emberwatch.model.line.LineFault;

/** Takes what the Router makes of one record. Arrays are the receiver's; keys are shared and must not be changed. */
public interface RouteOutput {
    /** Lines for the database, each but perhaps the last with its line end. */
    void database(byte[] lines);

    /** One field in the internal format. */
    void field(Destination destination, byte[] key, byte[] value);

    /**
     * Many fields in the batched internal format, all of which belong to the same partition.
     *
     * @param key what the partition follows from: the key of one of them, or the series of one
     */
    void fields(Destination destination, byte[] key, byte[] batch);

    /**
     * A line that is refused.
     *
     * @param offset of the fault, in bytes from the record's beginning
     */
    void dead(byte[] line, LineFault fault, int offset);
}
