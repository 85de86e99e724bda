package io.emberwatch.push.kafka;

import io.emberwatch.model.line.Dialect;
import io.emberwatch.push.influx.HttpConfig;
import io.emberwatch.push.influx.UdpConfig;
import io.emberwatch.service.config.Default;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lines from a topic into InfluxDB.
 *
 * @param input topic with lines, one or many to a record
 * @param http without loss; either this or {@code udp}
 * @param udp for old installations
 * @param dialect what the database takes; {@code influxdb_1} for a 1.x database when absent
 * @param group the consumer group, shared by several instances of this sink
 * @param threads in this process, each with its own connection
 * @param batchLines lines to a request, about
 * @param properties any further properties of Kafka's consumer
 */
public record InfluxConfig(
        @Default("influxdb-topic") String input,
        @Nullable HttpConfig http,
        @Nullable UdpConfig udp,
        @Nullable Dialect dialect,
        @Default("influxdb-consumer") String group,
        @Default("2") int threads,
        @Default("5000") int batchLines,
        @Default("{}") Map<String, String> properties) {
    private static final int MAX_THREADS = 64;

    public InfluxConfig {
        if ((http == null) == (udp == null)) {
            throw new IllegalArgumentException("expected either http or udp");
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads: " + threads + " is not from 1 to " + MAX_THREADS);
        }
        if (batchLines < 1) {
            throw new IllegalArgumentException("batch_lines: " + batchLines + " is not positive");
        }
        properties = Map.copyOf(properties);
    }

    /** UDP and {@code database} mean 1.x. */
    Dialect effectiveDialect() {
        if (dialect != null) {
            return dialect;
        }
        return http != null && http.bucket() != null ? Dialect.V2 : Dialect.INFLUXDB_1;
    }

    String deadTopic() {
        return input + ".dead";
    }

    /** Every topic that is read or written. */
    List<String> topics() {
        return List.of(input, deadTopic());
    }
}
