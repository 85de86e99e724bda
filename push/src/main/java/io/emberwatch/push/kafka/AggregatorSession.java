package io.emberwatch.push.kafka;

import io.emberwatch.model.line.LineDecoder;
import io.emberwatch.push.aggregate.AggregationRules;
import io.emberwatch.push.aggregate.WindowAggregator;
import io.emberwatch.push.aggregate.WindowAggregator.Outcome;
import io.emberwatch.push.message.ByteBuilder;
import io.emberwatch.push.message.InternalFormat;
import io.emberwatch.push.message.InternalReader;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.push.sample.LatestResults;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** One consumer of the Aggregator from its making to its end; all state is dropped with it. */
final class AggregatorSession {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int MAX_RECORD_BYTES = 512 << 10;

    private final KafkaConfig kafka;
    private final AggregatorConfig config;
    private final AggregationRules rules;
    private final PushMetrics metrics;
    private final InstantSource clock;
    private final InternalReader message = new InternalReader();
    private final LatestResults latest;
    private final Map<TopicPartition, PartitionState> states = new HashMap<>();
    private final ByteBuilder batch = new ByteBuilder(64 << 10);
    private byte[] batchKey = new byte[0];
    private int batchedLines;
    private final boolean exactlyOnce;
    private boolean inTransaction;
    private volatile @Nullable Exception failure;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;

    AggregatorSession(
            KafkaConfig kafka,
            AggregatorConfig config,
            AggregationRules rules,
            LatestResults latest,
            PushMetrics metrics,
            InstantSource clock) {
        this.latest = latest;
        this.kafka = kafka;
        this.config = config;
        this.exactlyOnce = config.processingGuarantee() == AggregatorConfig.Guarantee.EXACTLY_ONCE_V2;
        this.rules = rules;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** @param properties further ones of Kafka's consumer */
    void run(HealingThread thread, Map<String, String> properties) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(ClientProperties.consumer(kafka, config.group(), properties));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(producerProperties())) {
            if (exactlyOnce) {
                producer.initTransactions();
            }
            current = consumer;
            consumer.subscribe(List.of(config.input()), new Assignment(consumer));
            while (!thread.isEnding()) {
                take(consumer.poll(POLL), producer);
                boolean closed = closeWindows(consumer, producer);
                writeBatch(producer);
                if (exactlyOnce && (closed || inTransaction)) {
                    begin(producer);
                    producer.sendOffsetsToTransaction(offsets(consumer), consumer.groupMetadata());
                    producer.commitTransaction();
                    inTransaction = false;
                } else if (closed) {
                    flush(producer);
                    consumer.commitSync(offsets(consumer));
                }
                thread.healthy();
            }
        } finally {
            current = null;
        }
    }

    /** The consumer group's generation keeps out an instance that was replaced, so any name of its own will do. */
    private Properties producerProperties() {
        Properties properties = ClientProperties.producer(kafka, config.group() + "-out");
        if (exactlyOnce) {
            properties.setProperty(ProducerConfig.TRANSACTIONAL_ID_CONFIG, config.group() + "-" + UUID.randomUUID());
            properties.setProperty(
                    ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, ClientProperties.TRANSACTION_TIMEOUT_MILLIS);
        }
        return properties;
    }

    OptionalDouble lag() {
        KafkaConsumer<byte[], byte[]> consumer = current;
        return consumer == null ? OptionalDouble.empty() : Lag.of(consumer.metrics());
    }

    void tasks(TaskFigures figures) {
        KafkaConsumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            figures.add(Aggregator.NAME, consumer.metrics());
        }
    }

    private void take(ConsumerRecords<byte[], byte[]> records, KafkaProducer<byte[], byte[]> producer) {
        for (TopicPartition partition : records.partitions()) {
            PartitionState state = states.get(partition);
            if (state != null) {
                for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                    take(record, state, producer);
                }
            }
        }
    }

    private void take(
            ConsumerRecord<byte[], byte[]> record, PartitionState state, KafkaProducer<byte[], byte[]> producer) {
        byte[] value = record.value();
        if (value == null) {
            return;
        }
        if (record.headers().lastHeader(InternalFormat.BATCH_HEADER) != null) {
            message.batch(value);
        } else {
            byte[] key = record.key();
            message.single(key == null ? new byte[0] : key, value);
        }
        long now = clock.millis();
        long count = 0;
        while (message.next()) {
            count++;
            if (message.faulty()) {
                if (record.offset() >= state.readBefore) {
                    metrics.aggregatorDropped.labels("faulty").inc();
                    dead(record, producer);
                }
                continue;
            }
            Outcome outcome = state.windows.add(message, time(record), record.offset(), now);
            if (outcome != Outcome.TAKEN) {
                state.dropped(outcome, record.offset(), metrics);
            }
        }
        metrics.aggregatorMessages.inc(count);
        state.arrival(System.nanoTime());
    }

    private long time(ConsumerRecord<byte[], byte[]> record) {
        if (config.time() == AggregatorConfig.TimeSource.RECORD) {
            return record.timestamp();
        }
        long otherwise = Math.min(Math.max(0, record.timestamp()), Long.MAX_VALUE / NANOS_PER_MILLI) * NANOS_PER_MILLI;
        long nanos = LineDecoder.timestamp(message.valueBytes(), message.timestampStart(), message.end(), otherwise);
        return Math.floorDiv(nanos, NANOS_PER_MILLI);
    }

    private void dead(ConsumerRecord<byte[], byte[]> record, KafkaProducer<byte[], byte[]> producer) {
        byte[] content = Arrays.copyOfRange(message.valueBytes(), message.tagsStart(), message.end());
        byte[] key = Arrays.copyOfRange(message.keyBytes(), message.keyStart(), message.keyEnd());
        RecordHeaders headers = new RecordHeaders();
        headers.add(new RecordHeader(RouterTopology.REASON_HEADER, "internal_format".getBytes(StandardCharsets.UTF_8)));
        headers.add(new RecordHeader(
                RouterTopology.SOURCE_HEADER,
                (record.topic() + "-" + record.partition() + "@" + record.offset()).getBytes(StandardCharsets.UTF_8)));
        send(producer, new ProducerRecord<>(config.deadTopic(), null, key, content, headers));
    }

    /** Closes what event time has passed; where nothing more waits to be read, the clock stands in for event time. */
    private boolean closeWindows(KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer) {
        boolean any = false;
        long now = System.nanoTime();
        for (Map.Entry<TopicPartition, PartitionState> entry : states.entrySet()) {
            PartitionState state = entry.getValue();
            boolean caughtUp = consumer.currentLag(entry.getKey()).orElse(1) == 0;
            any |= state.windows.close(state.until(now, caughtUp), (key, line) -> write(key, line, producer));
        }
        return any;
    }

    private void write(byte[] key, byte[] line, KafkaProducer<byte[], byte[]> producer) {
        metrics.aggregatorLines.inc();
        latest.take(line);
        if (batch.isEmpty()) {
            batchKey = key;
        }
        batch.append(line);
        batchedLines++;
        if (batchedLines == config.batchLines() || batch.length() > MAX_RECORD_BYTES) {
            writeBatch(producer);
        }
    }

    private void writeBatch(KafkaProducer<byte[], byte[]> producer) {
        if (!batch.isEmpty()) {
            send(producer, new ProducerRecord<>(config.output(), batchKey, batch.toByteArray()));
            batch.clear();
            batchedLines = 0;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told everything
    private void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        if (exactlyOnce) {
            begin(producer);
        }
        producer.send(record, (metadata, fault) -> {
            if (fault != null) {
                failure = fault;
            }
        });
    }

    /** A transaction lasts no longer than one turn, so that whoever reads committed records does not wait for it. */
    private void begin(KafkaProducer<byte[], byte[]> producer) {
        if (!inTransaction) {
            producer.beginTransaction();
            inTransaction = true;
        }
    }

    /** Waits until everything is stored: nothing is committed before. */
    private void flush(KafkaProducer<byte[], byte[]> producer) {
        producer.flush();
        Exception fault = failure;
        if (fault != null) {
            throw new KafkaException("results were not stored", fault);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(KafkaConsumer<byte[], byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        states.forEach((partition, state) -> {
            long position = consumer.position(partition);
            offsets.put(
                    partition,
                    new OffsetAndMetadata(
                            state.windows.neededFrom(position), state.windows.closedBefore() + ":" + position));
        });
        return offsets;
    }

    private final class Assignment implements ConsumerRebalanceListener {
        private final KafkaConsumer<byte[], byte[]> consumer;

        Assignment(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(new HashSet<>(partitions));
            for (TopicPartition partition : partitions) {
                WindowAggregator windows = new WindowAggregator(rules, config.settings());
                states.put(partition, PartitionState.resumed(windows, committed.get(partition)));
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            drop(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            drop(partitions);
        }

        private void drop(Collection<TopicPartition> partitions) {
            Set<TopicPartition> gone = Set.copyOf(partitions);
            states.keySet().removeAll(gone);
        }
    }

    /** What is held of one partition. */
    private static final class PartitionState {
        final WindowAggregator windows;
        private final long readBefore;
        private long lastEventTime = Long.MIN_VALUE;
        private long lastArrivalNanos = System.nanoTime();

        private PartitionState(WindowAggregator windows, long readBefore) {
            this.windows = windows;
            this.readBefore = readBefore;
        }

        /** The commit's metadata are the end of the last closed window and how far was read, {@code 1700000:42}. */
        static PartitionState resumed(WindowAggregator windows, @Nullable OffsetAndMetadata committed) {
            if (committed == null) {
                return new PartitionState(windows, 0);
            }
            String[] parts = committed.metadata().split(":", -1);
            if (parts.length != 2) {
                return new PartitionState(windows, 0);
            }
            try {
                windows.resume(Long.parseLong(parts[0]));
                return new PartitionState(windows, Long.parseLong(parts[1]));
            } catch (NumberFormatException e) {
                return new PartitionState(windows, 0);
            }
        }

        /** What is read again to rebuild open windows belongs in part to closed ones; that is no loss. */
        void dropped(Outcome outcome, long offset, PushMetrics metrics) {
            if (outcome != Outcome.LATE || offset >= readBefore) {
                metrics.aggregatorDropped.labels(PushMetrics.label(outcome)).inc();
            }
        }

        /** Event time stands still while older messages arrive; only its progress counts as an arrival. */
        void arrival(long nanos) {
            if (windows.eventTime() > lastEventTime) {
                lastEventTime = windows.eventTime();
                lastArrivalNanos = nanos;
            }
        }

        long until(long nowNanos, boolean caughtUp) {
            if (lastEventTime == Long.MIN_VALUE) {
                return Long.MIN_VALUE;
            }
            return caughtUp
                    ? lastEventTime + Math.max(0, (nowNanos - lastArrivalNanos) / NANOS_PER_MILLI)
                    : lastEventTime;
        }
    }
}
