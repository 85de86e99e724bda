package io.emberwatch.push.kafka;

import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.push.route.Destination;
import io.emberwatch.push.route.LineRouter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;

/** Makes Routers: the topology, its topics and its properties. */
public final class Router {
    /** The component's name. */
    public static final String NAME = "router";

    private Router() {}

    /**
     * A Router that is not started yet. Its topics exist on return.
     *
     * @param directory for small files of Kafka Streams
     * @throws IOException when Kafka does not answer or topics are missing
     */
    public static KafkaComponent create(
            KafkaConfig kafka, RouterConfig config, PushMetrics metrics, InstantSource clock, Path directory)
            throws IOException {
        return runner(kafka, config, metrics, clock, directory);
    }

    static StreamsRunner runner(
            KafkaConfig kafka, RouterConfig config, PushMetrics metrics, InstantSource clock, Path directory)
            throws IOException {
        Map<String, Integer> partitions = Topics.require(kafka, config.topics());
        Map<Destination, Integer> byDestination = new EnumMap<>(Destination.class);
        config.outputs()
                .forEach((destination, output) ->
                        byDestination.put(destination, partitions.getOrDefault(output.topic(), 1)));
        Properties properties = ClientProperties.streams(
                kafka,
                new ClientProperties.StreamsIdentity(
                        config.applicationId(), config.clientId(), config.threads(), config.properties()),
                directory);
        properties.put(SkipOversizeRecords.METRICS, metrics);
        properties.put(SkipOversizeRecords.COMPONENT, NAME);
        LineRouter.KeyPartitions hash =
                (destination, key) -> Utils.toPositive(Utils.murmur2(key)) % byDestination.getOrDefault(destination, 1);
        try {
            return new StreamsRunner(NAME, RouterTopology.build(config, hash, metrics), properties, metrics, clock);
        } catch (KafkaException e) {
            throw Topics.unusable(kafka, e);
        }
    }
}
