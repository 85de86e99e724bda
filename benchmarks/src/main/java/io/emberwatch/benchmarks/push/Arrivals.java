package io.emberwatch.benchmarks.push;

import io.emberwatch.push.demo.LatencyHistogram;
import io.emberwatch.push.kafka.BatchHandler;
import io.emberwatch.push.kafka.KafkaRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the lines that come out, and how long each record took from its making. */
final class Arrivals implements BatchHandler {
    private final InstantSource clock = InstantSource.system();
    private final AtomicLong lines = new AtomicLong();
    private final LatencyHistogram latency = new LatencyHistogram();

    @Override
    public Duration handle(List<KafkaRecord> records) {
        long now = clock.millis();
        for (KafkaRecord record : records) {
            byte[] value = record.value();
            if (value != null) {
                int found = 0;
                for (byte b : value) {
                    found += b == '\n' ? 1 : 0;
                }
                lines.addAndGet(found);
                latency.add(now - record.timestampMillis(), found);
            }
        }
        return Duration.ZERO;
    }

    long lines() {
        return lines.get();
    }

    LatencyHistogram latency() {
        return latency;
    }
}
