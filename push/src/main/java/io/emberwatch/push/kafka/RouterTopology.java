package io.emberwatch.push.kafka;

import io.emberwatch.model.line.LineFault;
import io.emberwatch.push.message.InternalFormat;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.push.route.Destination;
import io.emberwatch.push.route.LineRouter;
import io.emberwatch.push.route.OutputConfig;
import io.emberwatch.push.route.RouteCounts;
import io.emberwatch.push.route.RouteOutput;
import io.emberwatch.push.route.RouteRules;
import java.nio.charset.StandardCharsets;
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
            addSink(topology, output.getKey().label(), output.getValue().topic());
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
            forward(Destination.DATABASE.label(), key, lines, new RecordHeaders());
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
            forward(DEAD, current == null ? null : current.key(), line, headers);
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
