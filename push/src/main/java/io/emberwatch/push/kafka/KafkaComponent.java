package io.emberwatch.push.kafka;

import io.emberwatch.model.MetricFamily;
import java.util.List;
import java.util.OptionalDouble;

/** A part of the push path that reads topics with threads of its own. */
public interface KafkaComponent extends AutoCloseable {
    /** The name in metrics, logs and the configuration file. */
    String name();

    /** Begins to read; returns at once. */
    void start();

    /** Threads that work. */
    int liveThreads();

    /** Records that wait to be read in the partition that is furthest behind; empty while that is not known. */
    OptionalDouble lag();

    /** Adds what Kafka's clients tell of its tasks. */
    default void tasks(TaskFigures figures) {}

    /** Brings figures up to date that are only asked for now and then. */
    default void observe() {}

    /** What it has worked out and shows on {@code /metrics}; nothing for most. */
    default List<MetricFamily> results() {
        return List.of();
    }

    /** Why it does not do its work now; empty when it does. */
    String notReady();

    /** Ends in order: what was read is written and remembered as read. */
    @Override
    void close();
}
