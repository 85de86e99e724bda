package io.emberwatch.push.aggregate;

import io.emberwatch.push.route.FilterConfig;
import io.emberwatch.service.config.Default;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which fields are gathered how. A message that several of these match counts for each.
 *
 * @param functions at least one, without duplicates
 * @param measurement pattern; every measurement when absent
 * @param fields patterns; all fields when empty
 * @param removeTags keys of tags that are left out, so that values over all of their values come together
 */
public record AggregationConfig(
        List<AggregateFunction> functions,
        @Nullable String measurement,
        @Default("[]") List<String> fields,
        @Default("[]") List<String> removeTags) {
    public AggregationConfig {
        if (functions.isEmpty()) {
            throw new IllegalArgumentException("functions: expected at least one of avg, sum, min, max, count, last");
        }
        if (EnumSet.copyOf(functions).size() != functions.size()) {
            throw new IllegalArgumentException("functions: one stands there twice");
        }
        functions = List.copyOf(functions);
        fields = List.copyOf(fields);
        removeTags = List.copyOf(removeTags);
        // Checks the patterns.
        new FilterConfig(measurement, Map.of(), fields);
    }
}
