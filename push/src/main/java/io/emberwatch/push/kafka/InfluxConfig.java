package io.emberwatch.push.kafka;

import io.emberwatch.model.line.Dialect;
import io.emberwatch.push.influx.HttpConfig;
import io.emberwatch.push.influx.StorageConfig;
import io.emberwatch.push.influx.UdpConfig;
import io.emberwatch.push.route.FilterConfig;
import io.emberwatch.service.config.Default;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lines from a topic into InfluxDB.
 *
 * @param input topic with lines, one or many to a record
 * @param http without loss; either this or {@code udp}, unless there are {@code instances}
 * @param udp for old installations
 * @param dialect what the database takes; {@code influxdb_1} for a 1.x database when absent
 * @param group the consumer group, shared by several instances of this sink
 * @param threads in this process, each with its own connection
 * @param batchLines lines to a request, about
 * @param properties any further properties of Kafka's consumer
 * @param filters which lines are stored; all when empty
 * @param storage how long a database of InfluxDB 1.x keeps what, for {@code push storage}
 * @param instances several databases in place of one, each read for by itself, so that none waits for another
 */
public record InfluxConfig(
        @Default("influxdb-topic") String input,
        @Nullable HttpConfig http,
        @Nullable UdpConfig udp,
        @Nullable Dialect dialect,
        @Default("influxdb-consumer") String group,
        @Default("2") int threads,
        @Default("5000") int batchLines,
        @Default("{}") Map<String, String> properties,
        @Default("[]") List<FilterConfig> filters,
        @Nullable StorageConfig storage,
        @Default("[]") List<Instance> instances) {
    private static final int MAX_THREADS = 64;

    /**
     * One of several databases.
     *
     * @param name joined to the group's name and shown in metrics; differs from those of the others
     * @param filters which lines are stored there; all when empty
     */
    public record Instance(
            String name,
            @Nullable HttpConfig http,
            @Nullable UdpConfig udp,
            @Nullable Dialect dialect,
            @Default("[]") List<FilterConfig> filters) {
        public Instance {
            requireOne(http, udp);
            filters = List.copyOf(filters);
        }
    }

    public InfluxConfig {
        if (instances.isEmpty()) {
            requireOne(http, udp);
        } else if (http != null || udp != null || dialect != null || !filters.isEmpty()) {
            throw new IllegalArgumentException(
                    "instances: http, udp, dialect and filters then stand in each of them, not beside them");
        }
        if (instances.stream().map(Instance::name).distinct().count() < instances.size()) {
            throw new IllegalArgumentException("instances: two have the same name");
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads: " + threads + " is not from 1 to " + MAX_THREADS);
        }
        if (batchLines < 1) {
            throw new IllegalArgumentException("batch_lines: " + batchLines + " is not positive");
        }
        properties = Map.copyOf(properties);
        filters = List.copyOf(filters);
        instances = List.copyOf(instances);
    }

    private static void requireOne(@Nullable HttpConfig http, @Nullable UdpConfig udp) {
        if ((http == null) == (udp == null)) {
            throw new IllegalArgumentException("expected either http or udp");
        }
    }

    /** One configuration for each database, by name; a single one has none. */
    public Map<String, InfluxConfig> each() {
        if (instances.isEmpty()) {
            return Map.of("", this);
        }
        Map<String, InfluxConfig> each = new LinkedHashMap<>();
        for (Instance instance : instances) {
            each.put(
                    instance.name(),
                    new InfluxConfig(
                            input,
                            instance.http(),
                            instance.udp(),
                            instance.dialect(),
                            group + "-" + instance.name(),
                            threads,
                            batchLines,
                            properties,
                            instance.filters(),
                            storage,
                            List.of()));
        }
        return each;
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
