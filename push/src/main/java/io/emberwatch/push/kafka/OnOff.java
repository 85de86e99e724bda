package io.emberwatch.push.kafka;

import io.emberwatch.push.metrics.PushMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Properties;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.StreamsConfig;

/** Makes OnOffs: the topology, its topics and its properties. */
public final class OnOff {
    /** The component's name. */
    public static final String NAME = "onoff";

    private OnOff() {}

    /**
     * An OnOff that is not started yet. Its topics exist on return.
     *
     * @param directory for small files of Kafka Streams
     * @throws IOException when Kafka does not answer or topics are missing
     */
    public static KafkaComponent create(
            KafkaConfig kafka, OnOffConfig config, PushMetrics metrics, InstantSource clock, Path directory)
            throws IOException {
        return runner(kafka, config, metrics, clock, directory);
    }

    static StreamsRunner runner(
            KafkaConfig kafka, OnOffConfig config, PushMetrics metrics, InstantSource clock, Path directory)
            throws IOException {
        Topics.require(kafka, config.topics());
        Properties properties = ClientProperties.streams(
                kafka,
                new ClientProperties.StreamsIdentity(
                        config.applicationId(), config.clientId(), config.threads(), config.properties()),
                directory);
        properties.putIfAbsent(StreamsConfig.REPLICATION_FACTOR_CONFIG, Integer.toString(config.replicationFactor()));
        properties.put(SkipOversizeRecords.METRICS, metrics);
        properties.put(SkipOversizeRecords.COMPONENT, NAME);
        try {
            return new StreamsRunner(NAME, OnOffTopology.build(config, metrics), properties, metrics, clock);
        } catch (KafkaException e) {
            throw Topics.unusable(kafka, e);
        }
    }
}
