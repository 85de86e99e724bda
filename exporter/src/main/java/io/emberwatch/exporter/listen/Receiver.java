package io.emberwatch.exporter.listen;

/** What becomes of that which a listener hears. Called by the listener's one thread. */
public interface Receiver {
    /**
     * Takes whole frames: one datagram, lines with their ends, or one message. The bytes are the listener's again on return.
     * May take its time: the listener hears nothing meanwhile, so that senders wait.
     */
    void take(byte[] in, int from, int to);

    /** One frame is lost. */
    void lost(Loss loss);
}
