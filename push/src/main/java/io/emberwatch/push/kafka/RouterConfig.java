package io.emberwatch.push.kafka;

import io.emberwatch.model.line.Dialect;
import io.emberwatch.push.route.Destination;
import io.emberwatch.push.route.FilterConfig;
import io.emberwatch.push.route.LineRouter;
import io.emberwatch.push.route.OutputConfig;
import io.emberwatch.push.route.RouteRules;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Router.
 *
 * @param input topic with lines, one or many to a record
 * @param database where lines go as they are; nothing goes there when absent
 * @param onoff where fields go in the internal format
 * @param aggregator where fields go in the internal format
 * @param databaseDialect what the database takes
 * @param batched whether fields go out many to a record, which only our own Aggregator and OnOff can read
 * @param partitionBy what fields go together by; {@code series} spreads them better, but not for aggregations that
 *     remove tags, which want all series of a field in one place
 * @param dead topic of the dead letters; {@code <input>.dead} when absent
 * @param applicationId what several instances of this Router share
 * @param clientId shown in the broker's metrics and logs
 * @param threads in this process
 * @param maxLineBytes longer lines are refused
 * @param properties any further properties of Kafka Streams
 */
public record RouterConfig(
        @Default("metrics") String input,
        @Nullable OutputConfig database,
        @Nullable OutputConfig onoff,
        @Nullable OutputConfig aggregator,
        @Default("v2") Dialect databaseDialect,
        @Default("false") boolean batched,
        @Default("field") LineRouter.PartitionBy partitionBy,
        @Nullable String dead,
        @Default("streams-app-router") String applicationId,
        @Default("streams-client-router") String clientId,
        @Default("1") int threads,
        @Default("64KiB") ByteSize maxLineBytes,
        @Default("{}") Map<String, String> properties) {
    private static final int MAX_THREADS = 64;
    private static final long MAX_LINE_BYTES = 8 << 20;

    public RouterConfig {
        if (database == null && onoff == null && aggregator == null) {
            throw new IllegalArgumentException("expected at least one of the outputs database, onoff, aggregator");
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads: " + threads + " is not from 1 to " + MAX_THREADS);
        }
        if (maxLineBytes.bytes() < 1 || maxLineBytes.bytes() > MAX_LINE_BYTES) {
            throw new IllegalArgumentException("max_line_bytes: expected 1 to " + MAX_LINE_BYTES + " bytes");
        }
        properties = Map.copyOf(properties);
    }

    String deadTopic() {
        return dead != null ? dead : input + ".dead";
    }

    Map<Destination, OutputConfig> outputs() {
        Map<Destination, OutputConfig> outputs = new EnumMap<>(Destination.class);
        if (database != null) {
            outputs.put(Destination.DATABASE, database);
        }
        if (onoff != null) {
            outputs.put(Destination.ONOFF, onoff);
        }
        if (aggregator != null) {
            outputs.put(Destination.AGGREGATOR, aggregator);
        }
        return outputs;
    }

    /** Every topic that is read or written. */
    List<String> topics() {
        List<String> topics = new ArrayList<>();
        topics.add(input);
        topics.add(deadTopic());
        outputs().values().forEach(output -> topics.add(output.topic()));
        return topics;
    }

    RouteRules rules() {
        Map<Destination, List<FilterConfig>> filters = new EnumMap<>(Destination.class);
        outputs().forEach((destination, output) -> filters.put(destination, output.filters()));
        return new RouteRules(filters);
    }

    LineRouter.Settings settings() {
        return new LineRouter.Settings(databaseDialect, batched, partitionBy, (int) maxLineBytes.bytes());
    }
}
