package io.emberwatch.push.kafka;

import io.emberwatch.model.Sample;
import io.emberwatch.model.line.Dialect;
import io.emberwatch.model.line.LineFault;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.push.route.Destination;
import io.emberwatch.push.route.FilterConfig;
import io.emberwatch.push.route.LineRouter;
import io.emberwatch.push.route.RouteOutput;
import io.emberwatch.push.route.RouteRules;
import io.emberwatch.push.sample.LineSamples;
import io.emberwatch.push.sample.SampleTarget;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads a topic's lines as samples, hands them to a target and commits what is there. */
public final class SampleConsumer extends TopicReader {
    private static final int MAX_LINE_BYTES = 64 << 10;

    private final PushMetrics metrics;
    private final SampleTarget target;
    private final LineRouter filter;
    private final LineSamples lines = new LineSamples();

    private SampleConsumer(
            String name,
            KafkaConfig kafka,
            ConsumerLoop.ConsumerGroup group,
            List<FilterConfig> filters,
            SampleTarget target,
            PushMetrics metrics) {
        super(name, kafka, group, metrics);
        this.metrics = metrics;
        this.target = target;
        filter = new LineRouter(
                new RouteRules(Map.of(Destination.DATABASE, filters)),
                new LineRouter.Settings(Dialect.V2, false, MAX_LINE_BYTES),
                (destination, key) -> 0);
    }

    /**
     * A consumer that is not started yet. Its topic exists on return.
     *
     * @param filters which lines; all when there is none
     * @throws IOException when Kafka does not answer or the topic is missing
     */
    public static SampleConsumer create(
            String name,
            KafkaConfig kafka,
            ConsumerLoop.ConsumerGroup group,
            List<FilterConfig> filters,
            SampleTarget target,
            PushMetrics metrics)
            throws IOException {
        Topics.require(kafka, List.of(group.topic()));
        return new SampleConsumer(name, kafka, group, filters, target, metrics);
    }

    @Override
    Duration handle(List<KafkaRecord> records) {
        List<Sample> samples = new ArrayList<>();
        for (KafkaRecord record : records) {
            byte[] value = record.value();
            if (value != null) {
                filter.route(value, new Passed(record.timestampMillis(), samples));
            }
        }
        Duration wait = target.write(samples);
        if (wait.isZero()) {
            metrics.samplesRead.labels(name()).inc(samples.size());
        }
        return wait;
    }

    private final class Passed implements RouteOutput {
        private final long millis;
        private final List<Sample> samples;

        Passed(long millis, List<Sample> samples) {
            this.millis = millis;
            this.samples = samples;
        }

        @Override
        public void database(byte[] text) {
            lines.read(text, millis, samples);
        }

        @Override
        public void field(Destination destination, byte[] key, byte[] value) {
            throw new IllegalStateException("there is no such output here");
        }

        @Override
        public void fields(Destination destination, byte[] key, byte[] batch) {
            throw new IllegalStateException("there is no such output here");
        }

        @Override
        public void dead(byte[] line, LineFault fault, int offset) {
            metrics.samplesFaulty.labels(name()).inc();
        }
    }

    @Override
    String trouble() {
        String trouble = target.trouble();
        return trouble.isEmpty() ? "" : "cannot write: " + trouble;
    }

    @Override
    public void close() {
        super.close();
        target.close();
    }
}
