package io.emberwatch.push.kafka;

import io.emberwatch.push.aggregate.AggregationConfig;
import io.emberwatch.push.aggregate.AggregationRules;
import io.emberwatch.push.aggregate.WindowAggregator;
import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The Aggregator.
 *
 * @param input topic with fields in the internal format, one or many to a record
 * @param output where lines go
 * @param window length of the windows, which are aligned to the Unix epoch
 * @param grace how long after its end, in event time, a window still takes values
 * @param maxAhead values whose time is further ahead of the clock are refused
 * @param time where a value's time is taken from
 * @param aggregations which fields are gathered how
 * @param group the consumer group, shared by several instances of this Aggregator
 * @param threads in this process
 * @param batchLines lines to an output record, at most
 * @param maxSeries series that one partition may hold
 * @param processingGuarantee how often a result may come out when an instance dies
 * @param exposedSeries series of results whose latest value {@code /metrics} shows, at most; those of this instance
 * @param properties any further properties of Kafka's consumer
 */
public record AggregatorConfig(
        @Default("aggregator-topic") String input,
        @Default("influxdb-topic") String output,
        @Default("10s") Duration window,
        @Default("10s") Duration grace,
        @Default("1h") Duration maxAhead,
        @Default("value") TimeSource time,
        List<AggregationConfig> aggregations,
        @Default("streams-app-aggregator") String group,
        @Default("1") int threads,
        @Default("100") int batchLines,
        @Default("1000000") int maxSeries,
        @Default("at_least_once") Guarantee processingGuarantee,
        @Default("0") int exposedSeries,
        @Default("{}") Map<String, String> properties) {
    private static final int MAX_THREADS = 64;
    private static final int MAX_BATCH_LINES = 10_000;

    /** Where a value's time is taken from. */
    public enum TimeSource {
        /** The value's own timestamp in nanoseconds; the record's when it has none. */
        VALUE,
        /** The Kafka record's timestamp. */
        RECORD
    }

    /** How often a result may come out when an instance dies; the names are those of Kafka Streams. */
    public enum Guarantee {
        /** Again, but the same: the same point for a database. */
        AT_LEAST_ONCE,
        /** Once for whoever reads committed records only: results and offsets are written in one transaction. */
        EXACTLY_ONCE_V2
    }

    public AggregatorConfig {
        if (window.toMillis() < 1) {
            throw new IllegalArgumentException("window: " + window + " is not at least 1ms");
        }
        if (grace.isNegative() || maxAhead.isNegative()) {
            throw new IllegalArgumentException("grace: must not be negative, nor must max_ahead");
        }
        if (aggregations.isEmpty()) {
            throw new IllegalArgumentException("aggregations: expected at least one");
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads: " + threads + " is not from 1 to " + MAX_THREADS);
        }
        if (batchLines < 1 || batchLines > MAX_BATCH_LINES) {
            throw new IllegalArgumentException("batch_lines: " + batchLines + " is not from 1 to " + MAX_BATCH_LINES);
        }
        if (maxSeries < 1) {
            throw new IllegalArgumentException("max_series: " + maxSeries + " is not positive");
        }
        if (exposedSeries < 0) {
            throw new IllegalArgumentException("exposed_series: " + exposedSeries + " is negative");
        }
        aggregations = List.copyOf(aggregations);
        properties = Map.copyOf(properties);
    }

    String deadTopic() {
        return input + ".dead";
    }

    /** Every topic that is read or written. */
    List<String> topics() {
        return List.of(input, output, deadTopic());
    }

    AggregationRules rules() {
        return new AggregationRules(aggregations);
    }

    WindowAggregator.Settings settings() {
        return new WindowAggregator.Settings(window.toMillis(), grace.toMillis(), maxAhead.toMillis(), maxSeries);
    }
}
