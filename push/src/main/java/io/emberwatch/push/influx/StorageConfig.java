package io.emberwatch.push.influx;

import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How long a database of InfluxDB 1.x keeps what.
 *
 * @param raw every point is kept so long; an hour or more
 * @param history one point in {@code every} is kept so long
 * @param every the interval of the history
 * @param functions what the history holds of each field in an interval, as {@code mean_field} and so on
 */
public record StorageConfig(
        @Default("7d") Duration raw,
        @Default("300d") Duration history,
        @Default("1m") Duration every,
        @Default("[mean]") List<String> functions) {
    private static final Duration LEAST = Duration.ofHours(1);
    private static final Set<String> KNOWN =
            Set.of("mean", "max", "min", "last", "first", "count", "sum", "median", "stddev");

    public StorageConfig {
        if (raw.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("raw: InfluxDB keeps points for at least an hour");
        }
        if (history.compareTo(raw) < 0) {
            throw new IllegalArgumentException("history: is shorter than raw");
        }
        if (every.compareTo(Duration.ofSeconds(1)) < 0 || every.compareTo(raw) > 0) {
            throw new IllegalArgumentException("every: expected 1s or more, and no more than raw");
        }
        if (functions.isEmpty() || !KNOWN.containsAll(functions)) {
            throw new IllegalArgumentException("functions: expected some of "
                    + String.join(", ", KNOWN.stream().sorted().toList()));
        }
        functions = List.copyOf(functions);
    }
}
