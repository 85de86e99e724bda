package io.emberwatch.push.aggregate;

import io.emberwatch.model.line.LineDecoder;
import io.emberwatch.push.message.InternalReader;
import io.emberwatch.push.route.Destination;
import io.emberwatch.push.route.FilterConfig;
import io.emberwatch.push.route.RouteRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All aggregations, compiled: finds the groups that a series belongs to. Immutable. */
public final class AggregationRules {
    private final List<Rule> rules = new ArrayList<>();

    public AggregationRules(List<AggregationConfig> configs) {
        for (AggregationConfig config : configs) {
            FilterConfig filter = new FilterConfig(config.measurement(), Map.of(), config.fields());
            rules.add(new Rule(
                    new RouteRules(Map.of(Destination.AGGREGATOR, List.of(filter))),
                    config.functions(),
                    Set.copyOf(config.removeTags())));
        }
    }

    /** The groups of the message's series; none when no aggregation wants it. */
    List<GroupKey> groups(InternalReader message) {
        String measurement = LineDecoder.measurement(message.keyBytes(), message.keyStart(), message.measurementEnd());
        String field = LineDecoder.key(message.keyBytes(), message.fieldStart(), message.keyEnd());
        List<GroupKey> groups = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule.filter().always(Destination.AGGREGATOR, measurement, field)) {
                groups.add(new GroupKey(
                        part(message.keyBytes(), message.keyStart(), message.measurementEnd())
                                + keptTags(message, rule.removeTags()),
                        part(message.keyBytes(), message.fieldStart(), message.keyEnd()),
                        rule.functions()));
            }
        }
        return groups;
    }

    /** The tags with a comma before each, without those that are removed. */
    private static String keptTags(InternalReader message, Set<String> removed) {
        byte[] in = message.valueBytes();
        StringBuilder kept = new StringBuilder();
        int start = message.tagsStart();
        while (start < message.tagsEnd()) {
            int end = start;
            int equals = -1;
            while (end < message.tagsEnd() && in[end] != ',') {
                if (in[end] == '\\') {
                    end++;
                } else if (in[end] == '=' && equals < 0) {
                    equals = end;
                }
                end++;
            }
            end = Math.min(end, message.tagsEnd());
            if (equals < 0 || !removed.contains(LineDecoder.key(in, start, equals))) {
                kept.append(',').append(part(in, start, end));
            }
            start = end + 1;
        }
        return kept.toString();
    }

    private static String part(byte[] in, int from, int to) {
        return new String(in, from, to - from, StandardCharsets.UTF_8);
    }

    private record Rule(RouteRules filter, List<AggregateFunction> functions, Set<String> removeTags) {}

    /**
     * What comes out together.
     *
     * @param series measurement and remaining tags, in the spelling of line protocol
     * @param field in the spelling of line protocol
     */
    record GroupKey(String series, String field, List<AggregateFunction> functions) {}
}
