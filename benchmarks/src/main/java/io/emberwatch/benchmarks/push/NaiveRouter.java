package io.emberwatch.benchmarks.push;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;

/**
 * A Router as it is usually built: records of one line, strings, a flatMap for each output that takes the line apart
 * again. Correct for lines without escapes alone.
 */
final class NaiveRouter implements AutoCloseable {
    private static final Map<String, Set<String>> ONOFF = Map.of("dcs_state", Set.of("state", "on"));
    private static final Map<String, Set<String>> AGGREGATOR =
            Map.of("cpu", Set.of("user", "system"), "net", Set.of("rx"));
    private static final Set<String> DATABASE = Set.of("cpu", "net", "readout", "dcs_state");

    private final KafkaStreams streams;
    private final AtomicLong lines = new AtomicLong();

    NaiveRouter(Properties properties, String input, String suffix) {
        StreamsBuilder builder = new StreamsBuilder();
        Produced<String, String> strings = Produced.with(Serdes.String(), Serdes.String());
        KStream<String, String> source = builder.stream(input, Consumed.with(Serdes.String(), Serdes.String()));
        source.flatMap((key, line) -> database(line)).to("db" + suffix, strings);
        source.flatMap((key, line) -> fields(line, ONOFF)).to("onoff" + suffix, strings);
        source.flatMap((key, line) -> fields(line, AGGREGATOR)).to("agg" + suffix, strings);
        streams = new KafkaStreams(builder.build(), properties);
    }

    void start() {
        streams.start();
    }

    long lines() {
        return lines.get();
    }

    private List<KeyValue<String, String>> database(String line) {
        lines.incrementAndGet();
        String[] parts = line.split(" ", -1);
        String[] names = parts[0].split(",", -1);
        return DATABASE.contains(names[0]) ? List.of(KeyValue.pair(names[0], line)) : List.of();
    }

    private static List<KeyValue<String, String>> fields(String line, Map<String, Set<String>> wanted) {
        String[] parts = line.split(" ", -1);
        String[] names = parts[0].split(",", 2);
        List<KeyValue<String, String>> out = new ArrayList<>();
        for (String field : parts[1].split(",", -1)) {
            String[] pair = field.split("=", -1);
            if (wanted.getOrDefault(names[0], Set.of()).contains(pair[0])) {
                out.add(KeyValue.pair(names[0] + "#" + pair[0], names[1] + "#" + pair[1] + "#" + parts[2].trim()));
            }
        }
        return out;
    }

    @Override
    public void close() {
        streams.close();
    }
}
