package io.emberwatch.push.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record that was read. Its arrays must not be changed. */
public final class KafkaRecord {
    private final ConsumerRecord<byte[], byte[]> record;

    KafkaRecord(ConsumerRecord<byte[], byte[]> record) {
        this.record = record;
    }

    public byte @Nullable [] key() {
        return record.key();
    }

    /** Null when the record deletes its key. */
    public byte @Nullable [] value() {
        return record.value();
    }

    /** Milliseconds since the Unix epoch, or negative when the record has none. */
    public long timestampMillis() {
        return record.timestamp();
    }

    public int partition() {
        return record.partition();
    }

    public long offset() {
        return record.offset();
    }

    public boolean hasHeader(String name) {
        Header header = record.headers().lastHeader(name);
        return header != null;
    }

    /** Where it was: {@code topic-partition@offset}. */
    public String source() {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }
}
