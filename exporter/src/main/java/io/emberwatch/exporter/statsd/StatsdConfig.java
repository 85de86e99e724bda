package io.emberwatch.exporter.statsd;

import io.emberwatch.exporter.listen.ListenerAddress.Network;
import io.emberwatch.exporter.listen.ListenerConfig;
import io.emberwatch.exporter.mapping.MappingConfig;
import io.emberwatch.exporter.series.SeriesLimits;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.http.ListenAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * StatsD events that others push.
 *
 * @param listeners where they are taken
 * @param mappingFile a mapping file of statsd_exporter; read again when it changes
 * @param mapping the same, written here
 * @param tags which ways of writing tags are read
 * @param setWindow over what time the different strings of a set are counted
 * @param maxSeries how many sample lines are kept
 * @param maxSeriesPerMetric how many sample lines of one metric are kept
 * @param maxLine longer lines are refused, at most 16 MiB
 * @param relay where every line is sent on to over UDP as it came, as {@code host:port}
 * @param flush where aggregates go to, as Etsy's statsd sends them; nowhere when not given
 */
public record StatsdConfig(
        @Default("[]") List<ListenerConfig> listeners,
        @Nullable Path mappingFile,
        @Default("{}") MappingConfig mapping,
        @Default("{}") TagStyles tags,
        @Default("1m") Duration setWindow,
        @Default("100000") int maxSeries,
        @Default("20000") int maxSeriesPerMetric,
        @Default("64KiB") ByteSize maxLine,
        @Nullable FlushConfig flush,
        @Default("[]") List<ListenAddress> relay) {
    private static final long LONGEST_LINE = 16 << 20;

    public StatsdConfig {
        listeners = List.copyOf(listeners);
        relay = List.copyOf(relay);
        for (ListenAddress target : relay) {
            if (target.host().isEmpty() || target.port() == 0) {
                throw new IllegalArgumentException("relay: " + target + ": a host and a port are needed");
            }
        }
        Set<String> names = new HashSet<>();
        for (ListenerConfig listener : listeners) {
            if (!names.add(listener.name())) {
                throw new IllegalArgumentException("listeners: " + listener.name() + " occurs twice");
            }
            if (listener.address().network() == Network.HTTP) {
                throw new IllegalArgumentException("listeners: " + listener.name() + ": statsd is not taken over HTTP");
            }
        }
        if (mappingFile != null && !mapping.mappings().isEmpty()) {
            throw new IllegalArgumentException("mapping: is given here and in mapping_file");
        }
        if (setWindow.toMillis() < 1) {
            throw new IllegalArgumentException("set_window: must be at least 1ms");
        }
        if (maxLine.bytes() < 1 || maxLine.bytes() > LONGEST_LINE) {
            throw new IllegalArgumentException("max_line: must be from 1 byte to 16MiB");
        }
        new SeriesLimits(maxSeries, maxSeriesPerMetric);
    }

    /** Whether anything is to be taken at all. */
    public boolean isEnabled() {
        return !listeners.isEmpty();
    }

    SeriesLimits limits() {
        return new SeriesLimits(maxSeries, maxSeriesPerMetric);
    }
}
