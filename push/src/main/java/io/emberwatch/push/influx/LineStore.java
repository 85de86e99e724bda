package io.emberwatch.push.influx;

/** A database that takes lines. */
public interface LineStore extends AutoCloseable {
    /** Hands over lines, each with its line feed. Storing the same lines twice changes nothing. */
    WriteOutcome write(byte[] lines);

    @Override
    void close();
}
