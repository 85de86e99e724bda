package io.emberwatch.push.kafka;

import io.emberwatch.push.message.InternalFormat;
import io.emberwatch.push.message.InternalReader;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.push.onoff.ChangeDetector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * OnOff as a topology. The last values live in memory; a compacted topic keeps every change of them, from which a
 * successor begins.
 */
final class OnOffTopology {
    static final String STORE = "onoff";

    private static final String SOURCE = "fields";
    private static final String DETECTOR = "detector";
    private static final String OUTPUT = "output";
    private static final String DEAD = "dead";

    private OnOffTopology() {}

    static Topology build(OnOffConfig config, PushMetrics metrics) {
        Topology topology = new Topology();
        topology.addSource(SOURCE, new ByteArrayDeserializer(), new ByteArrayDeserializer(), config.input());
        topology.addProcessor(DETECTOR, () -> new Detector(config, metrics), SOURCE);
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(STORE), Serdes.ByteArray(), Serdes.ByteArray())
                        .withLoggingEnabled(Map.of()),
                DETECTOR);
        topology.addSink(OUTPUT, config.output(), new ByteArraySerializer(), new ByteArraySerializer(), DETECTOR);
        topology.addSink(DEAD, config.deadTopic(), new ByteArraySerializer(), new ByteArraySerializer(), DETECTOR);
        return topology;
    }

    private static final class Detector implements Processor<byte[], byte[], byte[], byte[]>, ChangeDetector.Store {
        /** A refresh goes out in slices, so that changes never wait long behind it. */
        private static final Duration SLICE = Duration.ofMillis(100);

        private static final int LEAST_SLICE = 2_000;
        private static final Duration EXPIRE_CHECK = Duration.ofMinutes(1);

        private final OnOffConfig config;
        private final PushMetrics metrics;
        private final ChangeDetector changes;
        private final InternalReader message = new InternalReader();
        private int sliceSize = LEAST_SLICE;
        private @Nullable ProcessorContext<byte[], byte[]> context;
        private @Nullable KeyValueStore<byte[], byte[]> store;

        Detector(OnOffConfig config, PushMetrics metrics) {
            this.config = config;
            this.metrics = metrics;
            this.changes = new ChangeDetector(config.maxSeries());
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> processorContext) {
            context = processorContext;
            KeyValueStore<byte[], byte[]> held = processorContext.getStateStore(STORE);
            store = held;
            try (KeyValueIterator<byte[], byte[]> all = held.all()) {
                while (all.hasNext()) {
                    KeyValue<byte[], byte[]> entry = all.next();
                    changes.restore(entry.key, entry.value, processorContext.currentSystemTimeMs());
                }
            }
            Duration refresh = config.refresh();
            if (refresh != null) {
                processorContext.schedule(refresh, PunctuationType.WALL_CLOCK_TIME, now -> planRefresh(refresh));
                processorContext.schedule(SLICE, PunctuationType.WALL_CLOCK_TIME, this::refreshSlice);
            }
            processorContext.schedule(
                    EXPIRE_CHECK,
                    PunctuationType.WALL_CLOCK_TIME,
                    now -> expire(now - config.expire().toMillis()));
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            ProcessorContext<byte[], byte[]> to = context;
            byte[] value = record.value();
            if (value == null || to == null) {
                return;
            }
            if (record.headers().lastHeader(InternalFormat.BATCH_HEADER) != null) {
                message.batch(value);
            } else {
                byte[] key = record.key();
                message.single(key == null ? new byte[0] : key, value);
            }
            long now = to.currentSystemTimeMs();
            int count = 0;
            while (message.next()) {
                count++;
                if (message.faulty()) {
                    dead(record, to);
                } else {
                    take(record, now, to);
                }
            }
            metrics.onoffMessages.inc(count);
        }

        private void take(Record<byte[], byte[]> record, long now, ProcessorContext<byte[], byte[]> to) {
            ChangeDetector.Outcome outcome = changes.add(message, now, this);
            if (outcome == ChangeDetector.Outcome.CHANGED) {
                byte[] key = Arrays.copyOfRange(message.keyBytes(), message.keyStart(), message.keyEnd());
                to.forward(new Record<>(key, ChangeDetector.line(message), record.timestamp()), OUTPUT);
                metrics.onoffChanges.inc();
            } else if (outcome != ChangeDetector.Outcome.SAME) {
                metrics.onoffDropped.labels(PushMetrics.label(outcome)).inc();
            }
        }

        private void dead(Record<byte[], byte[]> record, ProcessorContext<byte[], byte[]> to) {
            metrics.onoffDropped.labels("faulty").inc();
            RecordHeaders headers = new RecordHeaders();
            headers.add(RouterTopology.REASON_HEADER, "internal_format".getBytes(StandardCharsets.UTF_8));
            String source = to.recordMetadata()
                    .map(from -> from.topic() + "-" + from.partition() + "@" + from.offset())
                    .orElse("");
            headers.add(RouterTopology.SOURCE_HEADER, source.getBytes(StandardCharsets.UTF_8));
            byte[] key = Arrays.copyOfRange(message.keyBytes(), message.keyStart(), message.keyEnd());
            byte[] content = Arrays.copyOfRange(message.valueBytes(), message.tagsStart(), message.end());
            to.forward(new Record<>(key, content, record.timestamp(), headers), DEAD);
        }

        private void planRefresh(Duration period) {
            changes.planRefresh();
            long slices = Math.max(1, period.toMillis() / (2 * SLICE.toMillis()));
            sliceSize = (int) Math.max(LEAST_SLICE, changes.leftToRefresh() / slices + 1);
        }

        private void refreshSlice(long now) {
            ProcessorContext<byte[], byte[]> to = context;
            if (to != null) {
                changes.refresh(sliceSize, now, (key, line) -> {
                    to.forward(new Record<>(key, line, now), OUTPUT);
                    metrics.onoffRefreshed.inc();
                });
            }
        }

        private void expire(long before) {
            metrics.onoffExpired.inc(changes.expire(before, this));
        }

        @Override
        public void put(byte[] key, byte[] value) {
            if (store != null) {
                store.put(key, value);
            }
        }

        @Override
        public void delete(byte[] key) {
            if (store != null) {
                store.put(key, null);
            }
        }
    }
}
