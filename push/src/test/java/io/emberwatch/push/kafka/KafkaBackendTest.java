package io.emberwatch.push.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.push.client.Delivery;
import io.emberwatch.push.client.Metric;
import io.emberwatch.push.client.Monitoring;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class KafkaBackendTest {
    private static final int METRICS = 1234;

    @TempDir
    private Path folder;

    @Test
    void everyMetricOfAnApplicationIsInTheTopic() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            KafkaConfig config = new KafkaConfig(broker.bootstrapServers(), Map.of(), true, 1, 1);
            Topics.require(config, List.of("applications"));
            Monitoring monitoring = Monitoring.to("kafka://" + broker.bootstrapServers() + "?topic=applications")
                    .open();
            for (int i = 0; i < METRICS; i++) {
                monitoring.send(Metric.named("events").value(i).build());
            }
            monitoring.close();

            assertThat(monitoring.deliveries())
                    .containsExactly(new Delivery("kafka://" + broker.bootstrapServers(), METRICS, 0, 0, 0));
            List<String> lines = lines(broker.bootstrapServers());
            assertThat(lines).hasSize(METRICS);
            assertThat(lines.get(METRICS - 1)).startsWith("events,hostname=").contains(" value=1233i ");
        }
    }

    @Test
    void anAddressWithoutATopicIsRefused() {
        assertThatThrownBy(() -> Monitoring.to("kafka://127.0.0.1:9092").open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a topic is needed");
        assertThatThrownBy(() -> Monitoring.to("influxdb-kafka://127.0.0.1?x").open())
                .hasMessageContaining("a host and a port are needed");
    }

    private static List<String> lines(String servers) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", servers);
        List<String> lines = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition("applications", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (lines.size() < METRICS) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofSeconds(1))) {
                    lines.addAll(new String(message.value(), UTF_8).lines().toList());
                }
            }
        }
        return lines;
    }
}
