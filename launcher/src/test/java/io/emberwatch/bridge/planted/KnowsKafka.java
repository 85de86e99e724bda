package io.emberwatch.bridge.planted;

/** Planted: Kafka outside the push path. */
public final class KnowsKafka {
    Object known = new org.apache.kafka.common.TopicPartition("topic", 0);
}
