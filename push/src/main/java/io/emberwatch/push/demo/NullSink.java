package io.emberwatch.push.demo;

import io.emberwatch.model.line.LineScanner;
import io.emberwatch.push.kafka.BatchHandler;
import io.emberwatch.push.kafka.KafkaRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Reads what a database would be given, checks and counts every line, and forgets it. */
final class NullSink implements BatchHandler {
    private final InstantSource clock;
    private final LineScanner scanner = new LineScanner();
    private final AtomicLong lines = new AtomicLong();
    private final AtomicLong values = new AtomicLong();
    private final AtomicLong faulty = new AtomicLong();
    private final LatencyHistogram latency = new LatencyHistogram();

    NullSink(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Duration handle(List<KafkaRecord> records) {
        long now = clock.millis();
        for (KafkaRecord record : records) {
            byte[] value = record.value();
            if (value != null) {
                latency.add(now - record.timestampMillis(), count(value));
            }
        }
        return Duration.ZERO;
    }

    private long count(byte[] value) {
        long found = 0;
        long fields = 0;
        scanner.reset(value);
        while (scanner.next()) {
            if (scanner.fault() == null) {
                found++;
                fields += scanner.fieldCount();
            } else {
                faulty.incrementAndGet();
            }
        }
        lines.addAndGet(found);
        values.addAndGet(fields);
        return found;
    }

    long lines() {
        return lines.get();
    }

    long values() {
        return values.get();
    }

    long faulty() {
        return faulty.get();
    }

    LatencyHistogram latency() {
        return latency;
    }
}
