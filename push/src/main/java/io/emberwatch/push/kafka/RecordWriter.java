package io.emberwatch.push.kafka;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes records to topics, acknowledged by all replicas and without duplicates by retries. */
public final class RecordWriter implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong failed = new AtomicLong();

    public RecordWriter(KafkaConfig kafka, String clientId) {
        producer = new KafkaProducer<>(ClientProperties.producer(kafka, clientId));
    }

    /**
     * Hands over a record; the arrays may be used again on return. Waits while the producer's buffer is full.
     *
     * @param failure is told when Kafka does not acknowledge it
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told everything
    public void send(String topic, byte @Nullable [] key, byte[] value, Consumer<Exception> failure) {
        producer.send(new ProducerRecord<>(topic, key, value), (metadata, fault) -> {
            if (fault != null) {
                failed.incrementAndGet();
                failure.accept(fault);
            }
        });
    }

    /** Waits until everything handed over is acknowledged or has failed. */
    public void flush() {
        producer.flush();
    }

    /** Records that were not acknowledged. */
    public long failed() {
        return failed.get();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(10));
    }
}
