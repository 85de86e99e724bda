package io.emberwatch.push.kafka;

/** A part of the push path that reads topics with threads of its own. */
public interface KafkaComponent extends AutoCloseable {
    /** The name in metrics, logs and the configuration file. */
    String name();

    /** Begins to read; returns at once. */
    void start();

    /** Threads that work. */
    int liveThreads();

    /** Why it does not do its work now; empty when it does. */
    String notReady();

    /** Ends in order: what was read is written and remembered as read. */
    @Override
    void close();
}
