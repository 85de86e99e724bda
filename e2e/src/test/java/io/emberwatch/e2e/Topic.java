package io.emberwatch.e2e;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What stands in a topic, read from its beginning with a client of Kafka's own. */
final class Topic implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    /** @param settings of the consumer, {@code isolation.level} for one */
    Topic(String bootstrapServers, String name, Map<String, Object> settings) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers", bootstrapServers,
                "group.id", "reader-" + name + "-" + System.nanoTime(),
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "allow.auto.create.topics", "false",
                "metadata.max.age.ms", "1000",
                "max.partition.fetch.bytes", Integer.toString(16 << 20)));
        properties.putAll(settings);
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(name));
    }

    Topic(String bootstrapServers, String name) {
        this(bootstrapServers, name, Map.of());
    }

    static boolean answers(String bootstrapServers) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers, "request.timeout.ms", "2000"))) {
            admin.describeCluster().nodes().get(2, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        }
    }

    static Producer<byte[], byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "linger.ms",
                        "5",
                        "max.request.size",
                        Integer.toString(32 << 20),
                        "compression.type",
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Every record read so far and up to now. */
    List<ConsumerRecord<byte[], byte[]>> records() {
        consumer.poll(Duration.ofMillis(300)).forEach(records::add);
        return records;
    }

    /** Every line of every record read so far and up to now. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        records().forEach(record -> lines.addAll(text(record.value()).lines().toList()));
        return lines;
    }

    static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : text(header.value());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
