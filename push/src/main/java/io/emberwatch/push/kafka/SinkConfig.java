package io.emberwatch.push.kafka;

import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.time.Duration;

/**
 * Samples of this program into Kafka.
 *
 * @param topic where the lines go
 * @param field the field that carries the value
 * @param key the records' key: one key keeps the order of each series
 * @param batchLines lines to a record, at most
 * @param buffer what waits for Kafka, at most; samples that do not fit are dropped and counted
 * @param deliveryTimeout how long Kafka may be away before samples are given up
 */
public record SinkConfig(
        @Default("metrics") String topic,
        @Default("value") String field,
        @Default("emberwatch") String key,
        @Default("100") int batchLines,
        @Default("16MiB") ByteSize buffer,
        @Default("2m") Duration deliveryTimeout) {
    private static final int MAX_BATCH_LINES = 10_000;
    private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);

    public SinkConfig {
        if (batchLines < 1 || batchLines > MAX_BATCH_LINES) {
            throw new IllegalArgumentException("batch_lines: " + batchLines + " is not from 1 to " + MAX_BATCH_LINES);
        }
        if (deliveryTimeout.compareTo(LEAST_TIMEOUT) < 0 || deliveryTimeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("delivery_timeout: expected 1s to 1h");
        }
    }
}
