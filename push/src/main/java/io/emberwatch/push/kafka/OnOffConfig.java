package io.emberwatch.push.kafka;

import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OnOff.
 *
 * @param input topic with fields in the internal format, one or many to a record
 * @param output where lines go
 * @param refresh how often all values are sent again; never when absent
 * @param expire after so long without a message a series is forgotten
 * @param maxSeries series that one partition may hold
 * @param replicationFactor of the compacted topic that keeps the values over a restart
 * @param applicationId what several instances of this OnOff share
 * @param clientId shown in the broker's metrics and logs
 * @param threads in this process
 * @param properties any further properties of Kafka Streams
 */
public record OnOffConfig(
        @Default("onoff-topic") String input,
        @Default("influxdb-topic") String output,
        @Nullable Duration refresh,
        @Default("24h") Duration expire,
        @Default("1000000") int maxSeries,
        @Default("1") int replicationFactor,
        @Default("streams-app-onoff") String applicationId,
        @Default("streams-client-onoff") String clientId,
        @Default("1") int threads,
        @Default("{}") Map<String, String> properties) {
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final int MAX_THREADS = 64;
    private static final int MAX_REPLICAS = 100;

    public OnOffConfig {
        if (refresh != null && refresh.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("refresh: " + refresh + " is not at least 1s");
        }
        if (expire.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("expire: " + expire + " is not at least 1s");
        }
        if (maxSeries < 1) {
            throw new IllegalArgumentException("max_series: " + maxSeries + " is not positive");
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads: " + threads + " is not from 1 to " + MAX_THREADS);
        }
        if (replicationFactor < 1 || replicationFactor > MAX_REPLICAS) {
            throw new IllegalArgumentException(
                    "replication_factor: " + replicationFactor + " is not from 1 to " + MAX_REPLICAS);
        }
        properties = Map.copyOf(properties);
    }

    String deadTopic() {
        return input + ".dead";
    }

    /** Every topic that is read or written, but for those that Kafka Streams makes itself. */
    List<String> topics() {
        return List.of(input, output, deadTopic());
    }
}
