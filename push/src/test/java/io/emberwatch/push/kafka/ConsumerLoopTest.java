package io.emberwatch.push.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.service.config.ConfigReader;
import io.prometheus.client.CollectorRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConsumerLoopTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int RECORD_BYTES = 1 << 20;

    @TempDir
    private Path folder;

    private final PushMetrics metrics = new PushMetrics(new CollectorRegistry());
    private final List<List<Long>> handled = new CopyOnWriteArrayList<>();

    @Test
    void handsLargeRecordsOverAFewAtATimeAndRepeatsOnlyThoseThatHadToWait() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            KafkaConfig kafka = ConfigReader.parse(
                    "kafka.yml",
                    "{partitions: 1, bootstrap_servers: \"" + broker.bootstrapServers() + "\"}",
                    KafkaConfig.class);
            Topics.require(kafka, List.of("large"));
            try (RecordWriter writer = new RecordWriter(kafka, "test")) {
                for (int i = 0; i < 6; i++) {
                    writer.send("large", null, new byte[RECORD_BYTES], fault -> {});
                }
            }
            ConsumerLoop loop = new ConsumerLoop(
                    "reader",
                    kafka,
                    // One fetch brings all, for zeros take hardly any room.
                    new ConsumerLoop.ConsumerGroup("large", "readers", Map.of("fetch.min.bytes", "1")),
                    this::handle,
                    metrics);
            try (loop) {
                loop.start();
                until(() -> handled.stream().anyMatch(offsets -> offsets.contains(5L)));
                until(() -> committed(kafka) == 6);
            }
            List<Long> all = new ArrayList<>();
            handled.forEach(all::addAll);
            assertThat(handled).allSatisfy(offsets -> assertThat(offsets).hasSizeLessThanOrEqualTo(2));
            assertThat(all).as("0 and 1 were done with when 2 had to wait").containsOnlyOnce(0L, 1L);
            assertThat(all.stream().filter(offset -> offset == 2)).hasSize(2);
            assertThat(metrics.threadRestarts.labels("reader").get()).isZero();
        }
    }

    @Test
    void partitionsThatComeWhileItWaitsAreReadFromTheirBeginning() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            KafkaConfig kafka = ConfigReader.parse(
                    "kafka.yml",
                    "{partitions: 2, bootstrap_servers: \"" + broker.bootstrapServers() + "\"}",
                    KafkaConfig.class);
            Topics.require(kafka, List.of("two"));
            Map<String, String> quick = Map.of("heartbeat.interval.ms", "200");
            Set<String> done = ConcurrentHashMap.newKeySet();
            AtomicBoolean away = new AtomicBoolean(true);
            AtomicInteger asked = new AtomicInteger();
            ConsumerLoop loop = new ConsumerLoop(
                    "sharer",
                    kafka,
                    new ConsumerLoop.ConsumerGroup("two", "sharers", quick),
                    records -> {
                        asked.incrementAndGet();
                        if (away.get()) {
                            return Duration.ofSeconds(5);
                        }
                        records.forEach(record -> done.add(record.source()));
                        return Duration.ZERO;
                    },
                    metrics);
            try (loop;
                    KafkaConsumer<byte[], byte[]> other =
                            new KafkaConsumer<>(ClientProperties.consumer(kafka, "sharers", quick))) {
                loop.start();
                other.subscribe(List.of("two"));
                until(() -> {
                    other.poll(Duration.ofMillis(50));
                    return other.assignment().size() == 1;
                });
                try (KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(ClientProperties.producer(kafka, "test"))) {
                    for (int i = 0; i < 40; i++) {
                        producer.send(new ProducerRecord<>("two", i % 2, null, new byte[10]))
                                .get();
                    }
                }
                until(() -> asked.get() == 1);
                other.close();
                away.set(false);
                until(() -> done.size() == 40);
            }
            assertThat(metrics.threadRestarts.labels("sharer").get()).isZero();
        }
    }

    private Duration handle(List<KafkaRecord> records) {
        List<Long> offsets = records.stream().map(KafkaRecord::offset).toList();
        boolean again = offsets.contains(2L) && handled.stream().noneMatch(before -> before.contains(2L));
        handled.add(offsets);
        return again ? Duration.ofMillis(50) : Duration.ZERO;
    }

    private static long committed(KafkaConfig kafka) {
        TopicPartition partition = new TopicPartition("large", 0);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(ClientProperties.consumer(kafka, "readers", Map.of()))) {
            OffsetAndMetadata offset = consumer.committed(Set.of(partition)).get(partition);
            return offset == null ? -1 : offset.offset();
        }
    }

    @Test
    void everyThreadIsAStaticMemberOfItsOwn() {
        Map<String, String> named = Map.of("group.instance.id", "flp1", "client.rack", "a");
        assertThat(ClientProperties.ofThread(named, 0, 1)).isEqualTo(named);
        assertThat(ClientProperties.ofThread(named, 1, 2))
                .containsEntry("group.instance.id", "flp1-1")
                .containsEntry("client.rack", "a");
        assertThat(ClientProperties.ofThread(Map.of(), 1, 2)).isEmpty();
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
