package io.emberwatch.push.kafka;

import io.emberwatch.push.metrics.PushMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Properties;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic as a member of a group and tells Kafka how far it came only when a handler is done: at least once.
 *
 * <p>While a handler wants to wait, reading is paused but membership kept. After any exception the consumer is made anew
 * and goes on where the last one was done.
 */
public final class ConsumerLoop implements KafkaComponent {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long SLICE_BYTES = 2 << 20;
    private static final long LONGEST_TURN_NANOS = 10_000_000_000L;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final String name;
    private final String topic;
    private final Properties properties;
    private final BatchHandler handler;
    private final HealingThread thread;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;
    private boolean owed; // a commit, by the reading thread

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
            owed = false;
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
            if (owed) {
                commit(consumer, Map.of());
            }
            return;
        }
        List<KafkaRecord> records = new ArrayList<>(polled.count());
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            records.add(new KafkaRecord(record));
        }
        long begun = System.nanoTime();
        int done = 0;
        Duration wait = Duration.ZERO;
        while (done < records.size()
                && wait.isZero()
                && (done == 0 || System.nanoTime() - begun < LONGEST_TURN_NANOS)) {
            int end = sliceEnd(records, done);
            wait = handler.handle(records.subList(done, end));
            done = wait.isZero() ? end : done;
        }
        if (done == records.size()) {
            commit(consumer, Map.of());
        } else {
            leaveRest(consumer, records, done, wait);
        }
    }

    /** Behind the records that are handled together: so few that a slow handler is done before Kafka takes it for dead. */
    private static int sliceEnd(List<KafkaRecord> records, int from) {
        long bytes = 0;
        int end = from;
        while (end < records.size() && bytes < SLICE_BYTES) {
            byte[] value = records.get(end++).value();
            bytes += value == null ? 0 : value.length;
        }
        return end;
    }

    /** Commits what is done, and reads the rest again, after a while if the handler wants that. */
    private void leaveRest(KafkaConsumer<byte[], byte[]> consumer, List<KafkaRecord> records, int done, Duration wait) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (KafkaRecord record : records.subList(0, done)) {
            offsets.put(new TopicPartition(topic, record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        if (!offsets.isEmpty()) {
            commit(consumer, offsets);
        }
        Map<TopicPartition, Long> begins = new HashMap<>();
        for (KafkaRecord record : records.subList(done, records.size())) {
            begins.putIfAbsent(new TopicPartition(topic, record.partition()), record.offset());
        }
        pauseFor(consumer, wait);
        begins.keySet().retainAll(consumer.assignment());
        begins.forEach(consumer::seek);
    }

    /**
     * Tells Kafka how far it came. While partitions move it cannot be told: it is told afterwards of those that stay, and
     * whoever has the others does again what was done last.
     *
     * @param offsets as far as everything was read where empty
     */
    private void commit(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> offsets) {
        try {
            if (offsets.isEmpty()) {
                consumer.commitSync();
            } else {
                consumer.commitSync(offsets);
            }
            owed = false;
        } catch (RebalanceInProgressException | CommitFailedException e) {
            owed = true;
            logger.atInfo()
                    .addKeyValue("component", name)
                    .addKeyValue("fault", e.getMessage())
                    .log("partitions move, so what was done last may be done again");
        }
    }

    /** Keeps the membership alive without reading. */
    private void pauseFor(KafkaConsumer<byte[], byte[]> consumer, Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        while (!thread.isEnding() && System.nanoTime() < end) {
            consumer.pause(consumer.assignment());
            ConsumerRecords<byte[], byte[]> early = consumer.poll(POLL);
            // Partitions that come meanwhile are not paused yet.
            early.partitions()
                    .forEach(partition -> consumer.seek(
                            partition, early.records(partition).get(0).offset()));
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
