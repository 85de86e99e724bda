package io.emberwatch.push.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The properties of Kafka's clients. What a user gives comes last and wins.
 *
 * <p>Chosen by measurement: what costs is the number of records and requests, so batches are large and compressed with
 * lz4, and every write is acknowledged by all replicas and idempotent, which costs nothing beside that.
 */
final class ClientProperties {
    private static final int FETCH_BYTES = 4 << 20;

    /** Who asks for whatever is there asks for every record by itself; fifty milliseconds later it is some together. */
    private static final int FETCH_MIN_BYTES = 32 << 10;

    private static final String FETCH_MAX_WAIT_MILLIS = "50";

    /** Before compression: what could be read can be written again. The broker's own bound is for compressed records. */
    private static final int MAX_RECORD_BYTES = 16 << 20;

    /**
     * What a killed instance had begun hides its partitions' later records, and how far it came, for so long. It is over
     * by the time that its session is, so that whoever takes over need not wait for it.
     */
    static final String TRANSACTION_TIMEOUT_MILLIS = "5000";

    private ClientProperties() {}

    static Properties admin(KafkaConfig config, Duration timeout) {
        Properties properties = base(config);
        String millis = Long.toString(timeout.toMillis());
        properties.setProperty(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        properties.setProperty(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, millis);
        config.properties().forEach(properties::setProperty);
        return properties;
    }

    private static Properties base(KafkaConfig config) {
        Properties properties = new Properties();
        properties.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        return properties;
    }

    static Properties producer(KafkaConfig config, String clientId) {
        Properties properties = base(config);
        properties.setProperty(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        putProducer(properties, "");
        properties.setProperty(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.setProperty(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        config.properties().forEach(properties::setProperty);
        return properties;
    }

    private static void putProducer(Properties properties, String prefix) {
        properties.setProperty(prefix + ProducerConfig.ACKS_CONFIG, "all");
        properties.setProperty(prefix + ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.setProperty(prefix + ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.setProperty(prefix + ProducerConfig.LINGER_MS_CONFIG, "20");
        properties.setProperty(prefix + ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(256 << 10));
        properties.setProperty(prefix + ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(64L << 20));
        properties.setProperty(prefix + ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(MAX_RECORD_BYTES));
    }

    static Properties consumer(KafkaConfig config, String groupId, Map<String, String> further) {
        Properties properties = base(config);
        properties.setProperty(CommonClientConfigs.GROUP_ID_CONFIG, groupId);
        properties.setProperty(CommonClientConfigs.CLIENT_ID_CONFIG, groupId);
        properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.setProperty(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.setProperty(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        putConsumer(properties, "");
        config.properties().forEach(properties::setProperty);
        further.forEach(properties::setProperty);
        return properties;
    }

    /** A static member's name is that of one consumer, so each of several threads has one of its own, as in Kafka Streams. */
    static Map<String, String> ofThread(Map<String, String> properties, int thread, int threads) {
        String member = properties.get(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        if (member == null || threads == 1) {
            return properties;
        }
        Map<String, String> own = new HashMap<>(properties);
        own.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, member + "-" + thread);
        return own;
    }

    /** A short session makes another instance take over within seconds; it learns of that from a heartbeat. */
    private static void putConsumer(Properties properties, String prefix) {
        properties.setProperty(prefix + ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "6000");
        properties.setProperty(prefix + ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "1000");
        properties.setProperty(prefix + ConsumerConfig.FETCH_MIN_BYTES_CONFIG, Integer.toString(FETCH_MIN_BYTES));
        properties.setProperty(prefix + ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MAX_WAIT_MILLIS);
        properties.setProperty(prefix + ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(FETCH_BYTES));
        properties.setProperty(prefix + ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
        properties.setProperty(prefix + ConsumerConfig.RECEIVE_BUFFER_CONFIG, Integer.toString(1 << 20));
    }

    /** @param stateDirectory where Kafka Streams keeps small files of its own */
    static Properties streams(KafkaConfig config, StreamsIdentity identity, Path stateDirectory) {
        Properties properties = base(config);
        properties.setProperty(StreamsConfig.APPLICATION_ID_CONFIG, identity.applicationId());
        properties.setProperty(StreamsConfig.CLIENT_ID_CONFIG, identity.clientId());
        properties.setProperty(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.toString(identity.threads()));
        properties.setProperty(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        properties.setProperty(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class.getName());
        properties.setProperty(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class.getName());
        properties.setProperty(
                StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, NonNegativeTimestamps.class.getName());
        // Its default changes with Kafka 5, of which 4.3 warns at every start.
        properties.setProperty("processing.exception.handler.global.enabled", "true");
        properties.setProperty(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "1000");
        properties.setProperty(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
        properties.setProperty(
                StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, SkipOversizeRecords.class.getName());
        putProducer(properties, StreamsConfig.PRODUCER_PREFIX);
        properties.setProperty(
                StreamsConfig.PRODUCER_PREFIX + ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        putConsumer(properties, StreamsConfig.MAIN_CONSUMER_PREFIX);
        config.properties().forEach(properties::setProperty);
        identity.properties().forEach(properties::setProperty);
        return properties;
    }

    /**
     * What names an application of Kafka Streams.
     *
     * @param properties further ones, which win
     */
    record StreamsIdentity(String applicationId, String clientId, int threads, Map<String, String> properties) {}
}
