package io.emberwatch.push.kafka;

import io.emberwatch.model.line.Dialect;
import io.emberwatch.model.line.LineFault;
import io.emberwatch.model.line.LineScanner;
import io.emberwatch.push.message.InternalFormat;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.push.route.Destination;
import io.emberwatch.push.route.LineRouter;
import io.emberwatch.push.route.OutputConfig;
import io.emberwatch.push.route.RouteCounts;
import io.emberwatch.push.route.RouteOutput;
import io.emberwatch.push.route.RouteRules;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** The Router as a topology: lines in, lines and single fields out, what is faulty to the dead letters. */
final class RouterTopology {
    /** Why a dead letter was refused: a {@link LineFault} label. */
    static final String REASON_HEADER = "reason";

    /** Where it came from: {@code topic-partition@offset+byte}. */
    static final String SOURCE_HEADER = "source";

    /** How long a dead letter was of which only the beginning is kept. */
    static final String CUT_HEADER = "cut";

    /** Longer records are taken apart, so that a broker takes what comes out whatever it took in. */
    private static final int MAX_RECORD_BYTES = 512 << 10;

    private static final int MAX_DEAD_BYTES = 256 << 10;
    private static final String SOURCE = "lines";
    private static final String ROUTER = "router";
    private static final String DEAD = "dead";

    private RouterTopology() {}

    static Topology build(RouterConfig config, LineRouter.KeyPartitions partitions, PushMetrics metrics) {
        Topology topology = new Topology();
        RouteRules rules = config.rules();
        topology.addSource(SOURCE, new ByteArrayDeserializer(), new ByteArrayDeserializer(), config.input());
        topology.addProcessor(
                ROUTER, () -> new Router(new LineRouter(rules, config.settings(), partitions), metrics), SOURCE);
        for (Map.Entry<Destination, OutputConfig> output : config.outputs().entrySet()) {
            String name = output.getKey().label();
            String topic = output.getValue().topic();
            boolean fields = output.getKey() != Destination.DATABASE && !config.batched();
            if (fields && config.partitionBy() == LineRouter.PartitionBy.SERIES) {
                topology.addSink(
                        name,
                        topic,
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        new SeriesPartitioner(),
                        ROUTER);
            } else {
                addSink(topology, name, topic);
            }
        }
        addSink(topology, DEAD, config.deadTopic());
        return topology;
    }

    private static void addSink(Topology topology, String name, String topic) {
        topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), ROUTER);
    }

    private static final class Router implements Processor<byte[], byte[], byte[], byte[]>, RouteOutput {
        private final LineRouter router;
        private final PushMetrics metrics;
        private final LineScanner pieces = new LineScanner(Dialect.V2, Integer.MAX_VALUE);
        private @Nullable ProcessorContext<byte[], byte[]> context;
        private @Nullable Record<byte[], byte[]> current;

        Router(LineRouter router, PushMetrics metrics) {
            this.router = router;
            this.metrics = metrics;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> processorContext) {
            context = processorContext;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            metrics.routerRecords.inc();
            if (record.value() == null) {
                return;
            }
            current = record;
            RouteCounts counts = router.route(record.value(), this);
            metrics.routerLines.inc(counts.lines());
            metrics.routerValues.inc(counts.values());
            metrics.routerUnrouted.inc(counts.unrouted());
            sent(Destination.DATABASE, counts.databaseLines());
            sent(Destination.ONOFF, counts.onoffFields());
            sent(Destination.AGGREGATOR, counts.aggregatorFields());
        }

        private void sent(Destination destination, int count) {
            if (count > 0) {
                metrics.routerSent.labels(destination.label()).inc(count);
            }
        }

        @Override
        public void database(byte[] lines) {
            byte[] key = current == null ? null : current.key();
            if (lines.length <= MAX_RECORD_BYTES) {
                forward(Destination.DATABASE.label(), key, lines, new RecordHeaders());
                return;
            }
            pieces.reset(lines);
            int from = 0;
            while (pieces.next()) {
                if (pieces.lineEnd() - from > MAX_RECORD_BYTES && pieces.lineStart() > from) {
                    byte[] piece = Arrays.copyOfRange(lines, from, pieces.lineStart());
                    forward(Destination.DATABASE.label(), key, piece, new RecordHeaders());
                    from = pieces.lineStart();
                }
            }
            byte[] rest = from == 0 ? lines : Arrays.copyOfRange(lines, from, lines.length);
            forward(Destination.DATABASE.label(), key, rest, new RecordHeaders());
        }

        @Override
        public void field(Destination destination, byte[] key, byte[] value) {
            forward(destination.label(), key, value, new RecordHeaders());
        }

        @Override
        public void fields(Destination destination, byte[] key, byte[] batch) {
            RecordHeaders headers = new RecordHeaders();
            headers.add(InternalFormat.BATCH_HEADER, new byte[0]);
            forward(destination.label(), key, batch, headers);
        }

        @Override
        public void dead(byte[] line, LineFault fault, int offset) {
            metrics.routerFaults.labels(fault.label()).inc();
            RecordHeaders headers = new RecordHeaders();
            headers.add(REASON_HEADER, fault.label().getBytes(StandardCharsets.UTF_8));
            headers.add(SOURCE_HEADER, (source() + "+" + offset).getBytes(StandardCharsets.UTF_8));
            byte[] kept = line;
            if (line.length > MAX_DEAD_BYTES) {
                headers.add(CUT_HEADER, Integer.toString(line.length).getBytes(StandardCharsets.UTF_8));
                kept = Arrays.copyOf(line, MAX_DEAD_BYTES);
            }
            forward(DEAD, current == null ? null : current.key(), kept, headers);
        }

        private String source() {
            return context == null
                    ? ""
                    : context.recordMetadata()
                            .map(from -> from.topic() + "-" + from.partition() + "@" + from.offset())
                            .orElse("");
        }

        private void forward(String sink, byte @Nullable [] key, byte[] value, Headers headers) {
            if (context != null && current != null) {
                context.forward(new Record<>(key, value, current.timestamp(), headers), sink);
            }
        }
    }
}
