package io.emberwatch.push.kafka;

import io.emberwatch.push.client.Backend;
import io.emberwatch.push.client.BackendAddress;
import io.emberwatch.push.client.BackendProvider;
import io.emberwatch.push.client.Line;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** The monitoring library's way into a topic: many lines in a record, acknowledged by all replicas. */
final class KafkaBackend implements Backend {
    private static final int LINES_IN_A_RECORD = 100;

    private final RecordWriter writer;
    private final String topic;

    private KafkaBackend(RecordWriter writer, String topic) {
        this.writer = writer;
        this.topic = topic;
    }

    @Override
    public void send(List<Line> lines) throws IOException {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try {
            for (int from = 0; from < lines.size(); from += LINES_IN_A_RECORD) {
                ByteArrayOutputStream value = new ByteArrayOutputStream();
                for (Line line : lines.subList(from, Math.min(from + LINES_IN_A_RECORD, lines.size()))) {
                    value.writeBytes(line.text());
                }
                writer.send(topic, null, value.toByteArray(), failure::set);
            }
            writer.flush();
        } catch (KafkaException e) {
            throw new IOException(e);
        }
        if (failure.get() != null) {
            throw new IOException(failure.get());
        }
    }

    @Override
    public void close() {
        writer.close();
    }

    /** Opens {@code kafka://host:port?topic=name}; the O2 library's {@code influxdb-kafka://host:port?name} as well. */
    public static final class Provider implements BackendProvider {
        @Override
        public Set<String> schemes() {
            return Set.of("kafka", "influxdb-kafka");
        }

        @Override
        public Backend open(BackendAddress address) throws IOException {
            address.requireHostAndPort();
            Map<String, String> parameters = address.parameters();
            String topic = parameters.getOrDefault("topic", address.query().contains("=") ? "" : address.query());
            if (topic.isEmpty()) {
                throw new IllegalArgumentException(
                        address + ": a topic is needed, as in kafka://" + address.host() + ":9092?topic=metrics");
            }
            String servers = address.host() + ":" + address.port();
            KafkaConfig config = new KafkaConfig(servers, Map.of(), false, 1, 1);
            try {
                return new KafkaBackend(new RecordWriter(config, "emberwatch-client"), topic);
            } catch (KafkaException e) {
                throw new IOException(address + ": " + e.getMessage(), e);
            }
        }
    }
}
