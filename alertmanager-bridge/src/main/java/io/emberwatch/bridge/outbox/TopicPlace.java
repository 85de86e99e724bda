package io.emberwatch.bridge.outbox;

/**
 * Where a message stood in a topic.
 *
 * @param timestamp its own time in milliseconds, by which a topic that was made anew is told from the old one
 */
public record TopicPlace(String topic, int partition, long offset, long timestamp) {
    public TopicPlace {
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException(topic + ": partition and offset must not be negative");
        }
    }
}
