package io.emberwatch.exporter.listen;

import java.io.IOException;

/** A socket and the thread that reads it. */
public interface Listener extends AutoCloseable {
    /**
     * Opens the socket and listens from then on.
     *
     * @throws IOException when it cannot; the message says what and why
     */
    void start() throws IOException;

    /** Whether it listens. */
    boolean isRunning();

    /** The port that was bound; 0 when there is none. */
    int port();

    /** What kind of socket it is. */
    ListenerAddress.Network network();

    /** Datagrams received, or connections accepted, since the start. */
    double received();

    /** Datagrams that the kernel dropped. */
    default double kernelDrops() {
        return 0;
    }

    /** Brings counters of the kernel up to date. */
    default void refresh() {}

    /** Stops listening; what was received has been handed on when this returns. */
    @Override
    void close();
}
