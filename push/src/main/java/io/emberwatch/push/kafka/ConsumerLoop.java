package io.emberwatch.push.kafka;

import io.emberwatch.push.metrics.PushMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic as a member of a group and tells Kafka how far it came only when a handler is done: at least once.
 *
 * <p>While a handler wants to wait, reading is paused but membership kept. After any exception the consumer is made anew
 * and goes on where the last one was done.
 */
public final class ConsumerLoop implements KafkaComponent {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final String name;
    private final String topic;
    private final Properties properties;
    private final BatchHandler handler;
    private final HealingThread thread;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;

    public ConsumerLoop(
            String name, KafkaConfig kafka, ConsumerGroup group, BatchHandler handler, PushMetrics metrics) {
        this.name = name;
        this.topic = group.topic();
        this.properties = ClientProperties.consumer(kafka, group.group(), group.properties());
        this.handler = handler;
        thread = new HealingThread(name, "push-" + name, metrics, this::read);
    }

    /**
     * Who reads what.
     *
     * @param properties further ones of Kafka's consumer
     */
    public record ConsumerGroup(String topic, String group, Map<String, String> properties) {}

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() {
        thread.start();
    }

    private void read(HealingThread worker) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
            current = consumer;
            consumer.subscribe(List.of(topic));
            while (!worker.isEnding()) {
                turn(consumer);
                worker.healthy();
            }
        } finally {
            current = null;
        }
    }

    private void turn(KafkaConsumer<byte[], byte[]> consumer) {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
        if (polled.isEmpty()) {
            return;
        }
        List<KafkaRecord> records = new ArrayList<>(polled.count());
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            records.add(new KafkaRecord(record));
        }
        Duration wait = handler.handle(records);
        if (wait.isZero()) {
            consumer.commitSync();
            return;
        }
        Map<TopicPartition, Long> begins = new HashMap<>();
        polled.partitions()
                .forEach(partition ->
                        begins.put(partition, polled.records(partition).get(0).offset()));
        pauseFor(consumer, wait);
        begins.keySet().retainAll(consumer.assignment());
        begins.forEach(consumer::seek);
    }

    /** Keeps the membership alive without reading. */
    private void pauseFor(KafkaConsumer<byte[], byte[]> consumer, Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        while (!thread.isEnding() && System.nanoTime() < end) {
            consumer.pause(consumer.assignment());
            consumer.poll(POLL);
        }
        consumer.resume(consumer.paused());
    }

    @Override
    public int liveThreads() {
        return thread.isWorking() ? 1 : 0;
    }

    @Override
    public OptionalDouble lag() {
        KafkaConsumer<byte[], byte[]> consumer = current;
        return consumer == null ? OptionalDouble.empty() : Lag.of(consumer.metrics());
    }

    @Override
    public void tasks(TaskFigures figures) {
        KafkaConsumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            figures.add(name, consumer.metrics());
        }
    }

    @Override
    public String notReady() {
        return thread.trouble();
    }

    @Override
    public void close() {
        thread.end(CLOSE_TIMEOUT);
    }
}
