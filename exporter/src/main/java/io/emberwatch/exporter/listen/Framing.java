package io.emberwatch.exporter.listen;

/** How a stream is cut into frames. Stateless. */
public interface Framing {
    /** A frame that can never end well: what follows on the connection cannot be read any more. */
    int BROKEN = -1;

    /** Frames longer than this, in bytes, are refused. */
    int maxFrame();

    /**
     * Hands on every whole frame in {@code in[from, to)}.
     *
     * @return the offset behind the last of them, or {@link #BROKEN}
     */
    int take(byte[] in, int from, int to, Receiver receiver);

    /** Where the frame that began before {@code from} ends: an offset up to {@code to}, or -1 when that is not known. */
    int resume(byte[] in, int from, int to);

    /** Hands on what is left when the connection has ended well. */
    void end(byte[] in, int from, int to, Receiver receiver);
}
