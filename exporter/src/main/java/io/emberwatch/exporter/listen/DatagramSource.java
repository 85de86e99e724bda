package io.emberwatch.exporter.listen;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A bound socket that datagrams come from. */
interface DatagramSource extends AutoCloseable {
    /**
     * Waits for a datagram and reads it.
     *
     * @return whether there was one
     * @throws IOException when the socket fails or is closed
     */
    boolean receive(ByteBuffer buffer) throws IOException;

    /** The port; 0 when there is none. */
    int port();

    /** How many datagrams the kernel has dropped here; 0 where it does not. */
    long kernelDrops();

    @Override
    void close();
}
