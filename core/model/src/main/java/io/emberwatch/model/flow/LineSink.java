package io.emberwatch.model.flow;

/** Somewhere that lines of line protocol go to as they came: a Kafka topic, another database. */
@FunctionalInterface
public interface LineSink {
    /**
     * Takes whole valid lines of line protocol v2, each ended by one line feed, each with a timestamp in nanoseconds. May be
     * called by several threads at once. The bytes are the caller's again once this returns.
     *
     * <p>While the sink has no room it keeps its caller waiting, so that whoever sends is slowed down in turn; but not
     * beyond {@code deadline}. Lines are taken all or none.
     *
     * @param lines holds the lines from {@code from} up to {@code to}
     * @param count how many lines these are
     * @return whether they were taken; if not, the caller counts them as lost or has them sent again
     * @throws InterruptedException when interrupted while waiting; then none was taken
     */
    boolean take(byte[] lines, int from, int to, int count, Deadline deadline) throws InterruptedException;
}
