package io.emberwatch.model.flow;

import java.util.List;
import java.util.Objects;

/**
 * An answer to a query.
 *
 * @param warnings PromQL warnings and infos, in the order they were raised
 */
public record QueryResult(QueryValue value, List<String> warnings) {
    public QueryResult {
        Objects.requireNonNull(value, "value");
        warnings = List.copyOf(warnings);
    }

    public static QueryResult of(QueryValue value) {
        return new QueryResult(value, List.of());
    }
}
