package io.emberwatch.benchmarks.push;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.Stores;

/** Windows as the DSL of Kafka Streams has them: one state in memory for all functions, suppressed until the window closes. */
final class NaiveAggregator implements AutoCloseable {
    private static final Duration WINDOW = Duration.ofSeconds(10);
    /** The repartitioned topic mixes what two partitions hold of a whole minute; with less grace records are dropped. */
    private static final Duration GRACE = Duration.ofMinutes(2);

    private static final Duration KEPT = GRACE.plus(WINDOW);

    private final KafkaStreams streams;
    private final AtomicLong messages = new AtomicLong();

    /** The figures of one window. */
    record Figures(double sum, double min, double max, long count) {
        static final Figures NONE = new Figures(0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0);

        Figures with(double value) {
            return new Figures(sum + value, Math.min(min, value), Math.max(max, value), count + 1);
        }

        static Serde<Figures> serde() {
            Serializer<Figures> out = (topic, figures) -> ByteBuffer.allocate(4 * Long.BYTES)
                    .putDouble(figures.sum)
                    .putDouble(figures.min)
                    .putDouble(figures.max)
                    .putLong(figures.count)
                    .array();
            Deserializer<Figures> in = (topic, bytes) -> {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                return new Figures(buffer.getDouble(), buffer.getDouble(), buffer.getDouble(), buffer.getLong());
            };
            return Serdes.serdeFrom(out, in);
        }
    }

    NaiveAggregator(Properties properties, String input, String output) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(input, Consumed.with(Serdes.String(), Serdes.String()))
                .map(NaiveAggregator::value)
                .groupByKey(Grouped.with(Serdes.String(), Serdes.Double()))
                .windowedBy(TimeWindows.ofSizeAndGrace(WINDOW, GRACE))
                .aggregate(
                        () -> Figures.NONE,
                        (key, value, figures) -> {
                            messages.incrementAndGet();
                            return figures.with(value);
                        },
                        Materialized.<String, Figures>as(Stores.inMemoryWindowStore("windows", KEPT, WINDOW, false))
                                .withKeySerde(Serdes.String())
                                .withValueSerde(Figures.serde()))
                .suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()))
                .toStream()
                .map((window, figures) -> {
                    String[] names = window.key().split("#", -1);
                    String field = names[1];
                    return KeyValue.pair(
                            window.key(),
                            names[0] + " " + field + "_avg=" + figures.sum / figures.count + "," + field + "_max="
                                    + figures.max + " " + window.window().end() + "000000");
                })
                .to(output, Produced.with(Serdes.String(), Serdes.String()));
        streams = new KafkaStreams(builder.build(), properties);
    }

    private static KeyValue<String, Double> value(String key, String value) {
        String[] names = key.split("#", -1);
        String[] parts = value.split("#", -1);
        return KeyValue.pair(names[0] + "," + parts[0] + "#" + names[1], Double.parseDouble(parts[1]));
    }

    void start() {
        streams.start();
    }

    long messages() {
        return messages.get();
    }

    @Override
    public void close() {
        streams.close();
    }
}
