package io.emberwatch.exporter.statsd;

import io.emberwatch.service.config.Default;
import io.emberwatch.service.http.ListenAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How aggregates are flushed to Carbon; names and defaults are those of Etsy's statsd.
 *
 * @param graphite host and port of Carbon's plaintext listener
 * @param flushInterval how often
 * @param percentThreshold percentiles of timers; negative ones look from the top
 * @param legacyNamespace whether counters are {@code stats.NAME} and {@code stats_counts.NAME}; if not they are {@code
 *     stats.counters.NAME.rate} and {@code .count}
 * @param globalPrefix what names begin with
 * @param prefixCounter of counters, unless legacyNamespace
 * @param prefixTimer of timers
 * @param prefixGauge of gauges
 * @param prefixSet of sets
 * @param globalSuffix what names end with, may be empty
 * @param deleteIdleStats whether what got no event is left out; if not counters are flushed as 0
 * @param histogramBins upper bounds of bins counted for every timer; none when empty
 * @param maxNames how many names are aggregated
 * @param management where the commands of Etsy's management port are taken over TCP; nowhere when not given
 */
public record FlushConfig(
        ListenAddress graphite,
        @Default("10s") Duration flushInterval,
        @Default("[90]") List<Double> percentThreshold,
        @Default("true") boolean legacyNamespace,
        @Default("stats") String globalPrefix,
        @Default("counters") String prefixCounter,
        @Default("timers") String prefixTimer,
        @Default("gauges") String prefixGauge,
        @Default("sets") String prefixSet,
        @Default("\"\"") String globalSuffix,
        @Default("false") boolean deleteIdleStats,
        @Default("[]") List<Double> histogramBins,
        @Default("100000") int maxNames,
        @Nullable ListenAddress management) {
    private static final int MOST_PERCENT = 100;

    public FlushConfig {
        percentThreshold = List.copyOf(percentThreshold);
        histogramBins = histogramBins.stream().sorted().distinct().toList();
        if (flushInterval.toMillis() < 1) {
            throw new IllegalArgumentException("flush_interval: must be at least 1ms");
        }
        for (double percent : percentThreshold) {
            if (!(Math.abs(percent) <= MOST_PERCENT) || percent == 0) {
                throw new IllegalArgumentException("percent_threshold: must be from -100 to 100 and not 0");
            }
        }
        if (maxNames < 1) {
            throw new IllegalArgumentException("max_names: must be at least 1");
        }
    }
}
