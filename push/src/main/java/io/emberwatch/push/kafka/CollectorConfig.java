package io.emberwatch.push.kafka;

import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The local collector: lines of line protocol that this host's exporter receives, into a topic.
 *
 * @param topic where the lines go
 * @param key the records' key, which keeps the lines of a host in order; the host's name when absent
 * @param batchLines lines to a record, about
 * @param linger how long lines wait for more when there are fewer
 * @param buffer what waits for Kafka on disk, at most
 * @param memory what waits in memory while the disk takes nothing, at most
 * @param properties any further properties of Kafka's producer
 */
public record CollectorConfig(
        @Default("metrics") String topic,
        @Nullable String key,
        @Default("100") int batchLines,
        @Default("20ms") Duration linger,
        @Default("1GiB") ByteSize buffer,
        @Default("16MiB") ByteSize memory,
        @Default("{}") Map<String, String> properties) {
    private static final int MAX_BATCH_LINES = 10_000;
    private static final long LEAST_BUFFER = 64 << 10;
    private static final Duration LONGEST_LINGER = Duration.ofSeconds(10);

    public CollectorConfig {
        if (batchLines < 1 || batchLines > MAX_BATCH_LINES) {
            throw new IllegalArgumentException("batch_lines: " + batchLines + " is not from 1 to " + MAX_BATCH_LINES);
        }
        if (linger.isNegative() || linger.compareTo(LONGEST_LINGER) > 0) {
            throw new IllegalArgumentException("linger: expected 0s to 10s");
        }
        if (buffer.bytes() < LEAST_BUFFER) {
            throw new IllegalArgumentException("buffer: expected at least 64KiB");
        }
        properties = Map.copyOf(properties);
    }

    List<String> topics() {
        return List.of(topic);
    }
}
