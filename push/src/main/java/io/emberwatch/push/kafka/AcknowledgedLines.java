package io.emberwatch.push.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Sends lines and waits until all replicas have them, for those who keep their lines themselves. */
public final class AcknowledgedLines implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final KafkaConfig kafka;
    private final CollectorConfig config;
    private @Nullable KafkaProducer<byte[], byte[]> producer; // guarded by this

    public AcknowledgedLines(KafkaConfig kafka, CollectorConfig config) {
        this.kafka = kafka;
        this.config = config;
    }

    /**
     * Sends lines.
     *
     * @param lines whole ones
     * @throws IOException when Kafka does not acknowledge them within 20 s; some may have arrived
     */
    public synchronized void send(byte[] lines) throws IOException {
        try {
            KafkaProducer<byte[], byte[]> open = open();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (byte[] record : Collector.records(lines, config.batchLines())) {
                sent.add(open.send(new ProducerRecord<>(config.topic(), Collector.key(config), record)));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("Kafka did not acknowledge lines: " + e.getCause(), e);
        } catch (KafkaException e) {
            close();
            throw new IOException("Kafka cannot be reached: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private KafkaProducer<byte[], byte[]> open() throws IOException {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open == null) {
            Topics.require(kafka, config.topics());
            open = new KafkaProducer<>(properties());
            producer = open;
        }
        return open;
    }

    private Properties properties() {
        Properties properties = ClientProperties.producer(kafka, "emberwatch-lines");
        properties.setProperty(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(TIMEOUT.toMillis()));
        properties.setProperty(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(TIMEOUT.toMillis()));
        properties.setProperty(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(TIMEOUT.toMillis() / 2));
        config.properties().forEach(properties::setProperty);
        return properties;
    }

    @Override
    public synchronized void close() {
        KafkaProducer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            open.close(Duration.ofSeconds(1));
        }
    }
}
