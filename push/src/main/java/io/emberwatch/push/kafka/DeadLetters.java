package io.emberwatch.push.kafka;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Writes what was refused to a topic, with the reason and where it came from. */
final class DeadLetters implements AutoCloseable {
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private boolean written;

    DeadLetters(KafkaConfig kafka, String topic, String clientId) {
        this.topic = topic;
        producer = new KafkaProducer<>(ClientProperties.producer(kafka, clientId));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told everything
    void write(byte @Nullable [] key, byte[] content, String reason, String source) {
        written = true;
        RecordHeaders headers = new RecordHeaders();
        headers.add(RouterTopology.REASON_HEADER, reason.getBytes(StandardCharsets.UTF_8));
        headers.add(RouterTopology.SOURCE_HEADER, source.getBytes(StandardCharsets.UTF_8));
        producer.send(new ProducerRecord<>(topic, null, key, content, headers), (metadata, fault) -> {
            if (fault != null) {
                failure.set(fault);
            }
        });
    }

    /**
     * Waits until everything written is stored.
     *
     * @throws KafkaException when something is not
     */
    void flush() {
        if (!written) {
            return;
        }
        producer.flush();
        written = false;
        Exception fault = failure.getAndSet(null);
        if (fault != null) {
            throw new KafkaException("dead letters were not stored", fault);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
