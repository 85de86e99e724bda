package io.emberwatch.push.kafka;

import io.emberwatch.push.metrics.PushMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic as a member of a group and tells Kafka how far it came only when a handler is done: at least once.
 *
 * <p>While a handler wants to wait, reading is paused but membership kept. After any exception the consumer is made anew
 * and goes on where the last one was done, at first after one second, later after up to thirty.
 */
public final class ConsumerLoop implements KafkaComponent {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final String name;
    private final String topic;
    private final Properties properties;
    private final BatchHandler handler;
    private final PushMetrics metrics;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;
    private volatile String trouble = "is starting";

    /** @param group name of the group and of the client */
    public ConsumerLoop(
            String name, KafkaConfig kafka, ConsumerGroup group, BatchHandler handler, PushMetrics metrics) {
        this.name = name;
        this.topic = group.topic();
        this.properties = ClientProperties.consumer(kafka, group.group(), group.properties());
        this.handler = handler;
        this.metrics = metrics;
        metrics.declareComponent(name);
        thread = new Thread(this::run, "push-" + name);
        thread.setDaemon(true);
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

    private void run() {
        long pause = FIRST_PAUSE_MILLIS;
        while (closed.getCount() > 0) {
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
                current = consumer;
                consumer.subscribe(List.of(topic));
                while (closed.getCount() > 0) {
                    turn(consumer);
                    trouble = "";
                    pause = FIRST_PAUSE_MILLIS;
                }
            } catch (WakeupException e) {
                logger.debug("{} woken up to stop", name);
            } catch (RuntimeException e) {
                trouble = "is starting again after: " + e.getMessage();
                metrics.threadRestarts.labels(name).inc();
                logger.atError().setCause(e).addKeyValue("component", name).log("reading failed, starting again");
                pause = await(pause);
            } finally {
                current = null;
            }
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
        while (closed.getCount() > 0 && System.nanoTime() < end) {
            consumer.pause(consumer.assignment());
            consumer.poll(POLL);
        }
        consumer.resume(consumer.paused());
    }

    private long await(long pause) {
        try {
            boolean stopping = closed.await(pause, TimeUnit.MILLISECONDS);
            return stopping ? pause : Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
        } catch (InterruptedException e) {
            closed.countDown();
            Thread.currentThread().interrupt();
            return pause;
        }
    }

    @Override
    public int liveThreads() {
        return current != null && thread.isAlive() ? 1 : 0;
    }

    @Override
    public String notReady() {
        return trouble;
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(CLOSE_TIMEOUT.toMillis() / 2);
            KafkaConsumer<byte[], byte[]> consumer = current;
            if (thread.isAlive() && consumer != null) {
                wakeUp(consumer);
                thread.join(CLOSE_TIMEOUT.toMillis() / 2);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void wakeUp(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            consumer.wakeup();
        } catch (KafkaException | IllegalStateException e) {
            logger.debug("the consumer had ended already", e);
        }
    }
}
