package io.emberwatch.push.kafka;

import java.time.Duration;
import java.util.List;

/** Writes what was read from a topic to somewhere else. Called by one thread. */
@FunctionalInterface
public interface BatchHandler {
    /**
     * Takes over records, in the order of each partition.
     *
     * @return zero when they are done with and need not be read again; otherwise how long to wait before they are given
     *     again, all of them
     */
    Duration handle(List<KafkaRecord> records);
}
