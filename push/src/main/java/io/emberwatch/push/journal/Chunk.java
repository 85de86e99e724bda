package io.emberwatch.push.journal;

/**
 * Lines to be sent together.
 *
 * @param lines whole ones
 * @param count how many
 * @param place behind them in the journal
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and the bytes are shared on purpose
public record Chunk(byte[] lines, int count, Place place) {
    /**
     * How far a reader came.
     *
     * @param segment number of the file
     * @param offset in it
     * @param memory pieces that were in memory, since the journal was opened
     * @param lines since the journal was opened
     */
    public record Place(long segment, long offset, long memory, long lines) {}
}
