package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.service.log.Logging;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A sensor's samples through a real Kafka broker: into a topic, and split by the Router into others. */
final class PushScenarioTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @BeforeAll
    static void keepKafkaQuiet() {
        Logging.configure("warn");
    }

    @Test
    void sensorSamplesReachTheTopicsThatTheRouterSplitsThemInto() throws Exception {
        int port = Peers.freePort();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                    exporter:
                      host: {enabled: false}
                      sensors: [{name: simulated}]
                    push:
                      kafka: {bootstrap_servers: "%s"}
                      sink: {topic: metrics}
                      router:
                        input: metrics
                        database: {topic: influxdb-topic, filters: [{measurement: sensor_cpu_load}]}
                        aggregator: {topic: aggregator-topic, filters: [{measurement: "sensor_r*_value"}]}
                    """.formatted(broker.bootstrapServers()));
            try (ServerProcess up = Program.start(
                    "up",
                    folder,
                    "up",
                    "--config=" + config,
                    "--listen=127.0.0.1:" + port,
                    "--data=" + folder.resolve("data"))) {
                try {
                    List<ConsumerRecord<String, String>> lines = read(broker, "influxdb-topic", 5);
                    assertThat(lines)
                            .allSatisfy(record -> assertThat(record.value().lines())
                                    .allMatch(line ->
                                            line.matches("sensor_cpu_load,sensor=simulated value=[0-9.]+ [0-9]{19}")));
                    List<ConsumerRecord<String, String>> internal = read(broker, "aggregator-topic", 5);
                    assertThat(internal).allSatisfy(record -> {
                        assertThat(record.key()).isEqualTo("sensor_random_value#value");
                        assertThat(record.value()).matches("sensor=simulated#[0-9.e+]+#[0-9]{19}");
                    });
                } catch (Throwable failed) {
                    throw new AssertionError(up.tail(), failed);
                }
            }
        }
    }

    private static List<ConsumerRecord<String, String>> read(EmbeddedBroker broker, String topic, int wanted)
            throws Exception {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        Map<String, Object> properties = Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "group.id", "reader-" + topic,
                "auto.offset.reset", "earliest",
                "allow.auto.create.topics", "false",
                "metadata.max.age.ms", "1000");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            Peers.await(wanted + " records in " + topic, Duration.ofSeconds(90), () -> {
                consumer.poll(Duration.ofMillis(500)).forEach(record -> records.add(text(record)));
                return records.size() >= wanted;
            });
        }
        return records;
    }

    private static ConsumerRecord<String, String> text(ConsumerRecord<byte[], byte[]> record) {
        StringDeserializer strings = new StringDeserializer();
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.key() == null ? "" : strings.deserialize(record.topic(), record.key()),
                new String(record.value(), StandardCharsets.UTF_8));
    }
}
