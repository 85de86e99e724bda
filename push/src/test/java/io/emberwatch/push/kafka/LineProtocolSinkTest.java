package io.emberwatch.push.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.service.config.ConfigReader;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

final class LineProtocolSinkTest {
    private final CollectorRegistry registry = new CollectorRegistry();
    private final PushMetrics metrics = new PushMetrics(registry);

    @Test
    void writesNameLabelsAndTimeAsALine() throws Exception {
        MockProducer<byte[], byte[]> producer = producer(true);
        try (LineProtocolSink sink = sink("", producer)) {
            sink.append(List.of(
                    sample(Labels.of("__name__", "sensor_cpu_load", "sensor", "a b"), 1500, 12.5),
                    sample(Labels.of("__name__", "sensor_ticks_total"), 2000, 3e9)));
        }

        assertThat(records(producer)).containsExactly("""
                        sensor_cpu_load,sensor=a\\ b value=12.5 1500000000
                        sensor_ticks_total value=3e+09 2000000000
                        """);
        assertThat(registry.getSampleValue("emberwatch_push_sink_samples_total"))
                .isEqualTo(2);
        assertThat(registry.getSampleValue("emberwatch_push_sink_delivered_samples_total"))
                .isEqualTo(2);
    }

    @Test
    void startsANewRecordAtTheBound() throws Exception {
        MockProducer<byte[], byte[]> producer = producer(true);
        try (LineProtocolSink sink = sink("batch_lines: 2", producer)) {
            sink.append(IntStream.range(0, 5)
                    .mapToObj(i -> sample(Labels.of("__name__", "m"), i, i))
                    .toList());
        }

        assertThat(producer.history()).hasSize(3);
    }

    @Test
    void countsWhatLineProtocolCannotSay() throws Exception {
        MockProducer<byte[], byte[]> producer = producer(true);
        try (LineProtocolSink sink = sink("", producer)) {
            sink.append(List.of(
                    sample(Labels.of("__name__", "m"), 1, Double.NaN),
                    sample(Labels.of("__name__", "m", "path", "C:\\"), 1, 1),
                    sample(Labels.of("a", "b"), 1, 1),
                    sample(Labels.of("__name__", "m"), Long.MAX_VALUE, 1),
                    sample(Labels.of("__name__", "ok"), 1, 1)));
        }

        assertThat(records(producer)).containsExactly("ok value=1 1000000\n");
        assertThat(dropped("not_finite")).isEqualTo(1);
        assertThat(dropped("unwritable")).isEqualTo(3);
    }

    @Test
    void countsWhatKafkaDoesNotAcknowledge() throws Exception {
        MockProducer<byte[], byte[]> producer = producer(true);
        producer.sendException = new TimeoutException("away");
        try (LineProtocolSink sink = sink("", producer)) {
            sink.append(List.of(sample(Labels.of("__name__", "m"), 1, 1), sample(Labels.of("__name__", "m"), 2, 1)));
        }

        assertThat(dropped("not_acknowledged")).isEqualTo(2);
        assertThat(registry.getSampleValue("emberwatch_push_sink_delivered_samples_total"))
                .isZero();
    }

    @Test
    void countsWhatDoesNotFitTheBuffer() throws Exception {
        MockProducer<byte[], byte[]> producer = producer(true);
        try (LineProtocolSink sink = sink("buffer: 10", producer)) {
            sink.append(List.of(sample(Labels.of("__name__", "m"), 1, 1)));
        }

        assertThat(producer.history()).isEmpty();
        assertThat(dropped("buffer_full")).isEqualTo(1);
    }

    private LineProtocolSink sink(String yaml, MockProducer<byte[], byte[]> producer) throws Exception {
        return new LineProtocolSink(ConfigReader.parse("sink.yml", yaml, SinkConfig.class), metrics, () -> producer);
    }

    private static MockProducer<byte[], byte[]> producer(boolean autoComplete) {
        return new MockProducer<>(
                autoComplete, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static List<String> records(MockProducer<byte[], byte[]> producer) {
        return producer.history().stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private double dropped(String reason) {
        return registry.getSampleValue(
                "emberwatch_push_sink_dropped_samples_total", new String[] {"reason"}, new String[] {reason});
    }

    private static Sample sample(Labels labels, long millis, double value) {
        return new Sample(labels, millis, value);
    }
}
