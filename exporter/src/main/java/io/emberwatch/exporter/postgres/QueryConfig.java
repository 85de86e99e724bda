package io.emberwatch.exporter.postgres;

import io.emberwatch.service.config.Default;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One query and what its columns mean, in the form of postgres_exporter's {@code queries.yaml}.
 *
 * @param query SQL
 * @param master whether it is asked at all where postgres_exporter would ask it on its first server only; every server
 *     here is one of its own
 * @param cacheSeconds how long an answer is shown again instead of asking
 * @param runonserver the versions it is for, such as {@code >=10.0.0 <17.0.0}; every version without it
 * @param metrics the columns, each a mapping of one name; columns not named here are not shown
 * @param enabled whether it is asked unless named
 */
public record QueryConfig(
        String query,
        @Default("false") boolean master,
        @Default("0") long cacheSeconds,
        @Nullable String runonserver,
        @Default("[]") List<Map<String, Column>> metrics,
        @Default("true") boolean enabled) {
    public QueryConfig {
        metrics = List.copyOf(metrics);
        if (query.isBlank()) {
            throw new IllegalArgumentException("query: must not be empty");
        }
        if (cacheSeconds < 0) {
            throw new IllegalArgumentException("cache_seconds: must not be negative");
        }
        if (runonserver != null) {
            try {
                ServerVersion.Range.parse(runonserver);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("runonserver: " + e.getMessage(), e);
            }
        }
    }

    /** What a column is used for. */
    public enum Usage {
        DISCARD,
        LABEL,
        COUNTER,
        GAUGE,
        /** Bounds, with columns {@code x_bucket}, {@code x_sum} and {@code x_count} beside it. */
        HISTOGRAM,
        /** Text that stands for a number by {@code metric_mapping}. */
        MAPPEDMETRIC,
        /** PostgreSQL's durations such as {@code 5ms}, shown in milliseconds. */
        DURATION
    }

    /**
     * One column.
     *
     * @param metricMapping the numbers that texts stand for, for {@code MAPPEDMETRIC}
     */
    public record Column(
            Usage usage,
            @Default("''") String description,
            @Default("{}") Map<String, Double> metricMapping) {
        public Column {
            metricMapping = Map.copyOf(metricMapping);
        }
    }
}
