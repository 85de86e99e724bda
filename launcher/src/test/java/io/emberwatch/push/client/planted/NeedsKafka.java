package io.emberwatch.push.client.planted;

/** Planted: the monitoring library needs Kafka. */
public final class NeedsKafka {
    Object needed = new org.apache.kafka.common.TopicPartition("topic", 0);
}
