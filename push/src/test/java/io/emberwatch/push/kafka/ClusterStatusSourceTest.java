package io.emberwatch.push.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.push.kafka.ClusterStatusConfig.Choice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker's topics and groups, and what is left when it is gone. */
final class ClusterStatusSourceTest {
    @TempDir
    private Path directory;

    private static ClusterStatusConfig cluster(String instance, String servers) {
        Choice choice = new Choice(Pattern.compile(".*"), Pattern.compile("^__"));
        return new ClusterStatusConfig(instance, servers, Map.of(), choice, choice);
    }

    private static String page(ClusterStatusSource source) {
        return ExpositionWriter.toText(
                source.collect(Deadline.after(Duration.ofSeconds(30))), TextFormat.PROMETHEUS_0_0_4);
    }

    @Test
    void topicsPartitionsAndLagAreShownAndAClusterThatIsGoneIsDown() throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        try (ClusterStatusSource source = new ClusterStatusSource(
                List.of(cluster("here", broker.bootstrapServers()), cluster("gone", "127.0.0.1:1")),
                Duration.ofSeconds(3))) {
            write(broker.bootstrapServers());
            String labels = "{instance=\"here\",partition=\"0\",topic=\"orders\"} ";
            assertThat(page(source))
                    .contains("emberwatch_push_cluster_up{instance=\"here\"} 1\n")
                    .contains("emberwatch_push_cluster_up{instance=\"gone\"} 0\n")
                    .contains("kafka_brokers{instance=\"here\"} 1\n")
                    .containsPattern("kafka_broker_info\\{address=\"127.0.0.1:\\d+\",id=\"1\",instance=\"here\"} 1\n")
                    .contains("kafka_topic_partitions{instance=\"here\",topic=\"orders\"} 2\n")
                    .contains("kafka_topic_partition_current_offset" + labels + "10\n")
                    .contains("kafka_topic_partition_oldest_offset" + labels + "0\n")
                    .contains("kafka_topic_partition_leader" + labels + "1\n")
                    .contains("kafka_topic_partition_leader_is_preferred" + labels + "1\n")
                    .contains("kafka_topic_partition_replicas" + labels + "1\n")
                    .contains("kafka_topic_partition_in_sync_replica" + labels + "1\n")
                    .contains("kafka_topic_partition_under_replicated_partition" + labels + "0\n")
                    .contains("kafka_consumergroup_current_offset{consumergroup=\"shop\",instance=\"here\","
                            + "partition=\"0\",topic=\"orders\"} 4\n")
                    .contains("kafka_consumergroup_lag{consumergroup=\"shop\",instance=\"here\","
                            + "partition=\"0\",topic=\"orders\"} 6\n")
                    .contains(
                            "kafka_consumergroup_lag_sum{consumergroup=\"shop\",instance=\"here\",topic=\"orders\"} 6\n")
                    .contains("kafka_consumergroup_members{consumergroup=\"shop\",instance=\"here\"} 0\n")
                    .doesNotContain("__consumer_offsets");
            broker.close();
            assertThat(page(source))
                    .contains("emberwatch_push_cluster_up{instance=\"here\"} 0\n")
                    .doesNotContain("kafka_brokers");
        } finally {
            broker.close();
        }
    }

    private static void write(String servers) throws Exception {
        Map<String, Object> properties = Map.of("bootstrap.servers", servers);
        try (Admin admin = Admin.create(properties);
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic("orders", Optional.of(2), Optional.of((short) 1))))
                    .all()
                    .get();
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("orders", 0, null, "x".getBytes(StandardCharsets.US_ASCII)))
                        .get();
            }
            admin.alterConsumerGroupOffsets("shop", Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(4)))
                    .all()
                    .get();
        }
    }
}
