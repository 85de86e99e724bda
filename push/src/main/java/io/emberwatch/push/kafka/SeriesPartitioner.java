package io.emberwatch.push.kafka;

import io.emberwatch.push.message.InternalReader;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * The partition of a message of the internal format by its series, measurement and tags, as Kafka's own partitioner has it for
 * a key {@code measurement,tags}. What cannot be read goes by its key.
 */
final class SeriesPartitioner implements StreamPartitioner<byte[], byte[]> {
    @Override
    public Optional<Set<Integer>> partitions(
            String topic, byte @Nullable [] key, byte @Nullable [] value, int numPartitions) {
        if (key == null || value == null) {
            return Optional.empty();
        }
        InternalReader message = new InternalReader();
        message.single(key, value);
        if (!message.next() || message.faulty()) {
            return Optional.empty();
        }
        int measurement = message.measurementEnd() - message.keyStart();
        int tags = message.tagsEnd() - message.tagsStart();
        byte[] series = Arrays.copyOf(key, tags == 0 ? measurement : measurement + 1 + tags);
        if (tags > 0) {
            series[measurement] = ',';
            System.arraycopy(value, message.tagsStart(), series, measurement + 1, tags);
        }
        return Optional.of(Set.of(Utils.toPositive(Utils.murmur2(series)) % numPartitions));
    }
}
