package io.emberwatch.push.client;

import java.io.IOException;
import java.util.List;

/** Takes lines away. Called by one thread at a time. */
public interface Backend extends AutoCloseable {
    /**
     * Sends lines.
     *
     * @throws RefusedException when some can never be sent; all others were
     * @throws IOException when they cannot be sent now; the same call may be made again
     */
    void send(List<Line> lines) throws IOException;

    /** Sends what is on its way, as far as that is possible in a few seconds, and lets go of everything. */
    @Override
    default void close() throws IOException {}
}
