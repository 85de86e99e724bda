package io.emberwatch.push.kafka;

import io.emberwatch.service.config.Default;
import java.util.Map;

/**
 * How to reach Kafka.
 *
 * @param bootstrapServers one or more {@code host:port}, separated by commas
 * @param properties any further properties of Kafka's clients, such as {@code security.protocol}
 * @param createTopics whether topics that do not exist are made
 * @param partitions of a topic that is made
 * @param replicationFactor of a topic that is made
 */
public record KafkaConfig(
        @Default("127.0.0.1:9092") String bootstrapServers,
        @Default("{}") Map<String, String> properties,
        @Default("true") boolean createTopics,
        @Default("4") int partitions,
        @Default("1") int replicationFactor) {
    private static final int MAX_REPLICAS = 100;

    public KafkaConfig {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("bootstrap_servers: expected host:port");
        }
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions: " + partitions + " is not positive");
        }
        if (replicationFactor < 1 || replicationFactor > MAX_REPLICAS) {
            throw new IllegalArgumentException(
                    "replication_factor: " + replicationFactor + " is not from 1 to " + MAX_REPLICAS);
        }
        properties = Map.copyOf(properties);
    }
}
