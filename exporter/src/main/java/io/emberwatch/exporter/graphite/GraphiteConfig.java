package io.emberwatch.exporter.graphite;

import io.emberwatch.exporter.listen.ListenerAddress.Network;
import io.emberwatch.exporter.listen.ListenerConfig;
import io.emberwatch.exporter.mapping.MappingConfig;
import io.emberwatch.exporter.series.SeriesLimits;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Carbon samples that others push.
 *
 * @param listeners where the plaintext protocol is taken
 * @param pickle where the pickle protocol is taken: streams only
 * @param mappingFile a mapping file of graphite_exporter; read again when it changes
 * @param mapping the same, written here
 * @param strictMatch whether samples that no rule matches are dropped
 * @param sampleExpiry how long a sample is shown, counted from its own time; 0s for ever
 * @param maxSeries how many series are kept
 * @param maxSeriesPerMetric how many series of one metric are kept
 * @param maxLine longer lines are refused, at most 16 MiB
 * @param maxPickle larger pickles end the connection, at most 16 MiB
 */
public record GraphiteConfig(
        @Default("[]") List<ListenerConfig> listeners,
        @Default("[]") List<ListenerConfig> pickle,
        @Nullable Path mappingFile,
        @Default("{}") MappingConfig mapping,
        @Default("false") boolean strictMatch,
        @Default("5m") Duration sampleExpiry,
        @Default("100000") int maxSeries,
        @Default("20000") int maxSeriesPerMetric,
        @Default("64KiB") ByteSize maxLine,
        @Default("1MiB") ByteSize maxPickle) {
    private static final long LARGEST = 16 << 20;

    public GraphiteConfig {
        listeners = List.copyOf(listeners);
        pickle = List.copyOf(pickle);
        Set<String> names = new HashSet<>();
        Stream.concat(listeners.stream(), pickle.stream()).forEach(listener -> {
            if (!names.add(listener.name())) {
                throw new IllegalArgumentException("listeners: " + listener.name() + " occurs twice");
            }
            if (listener.address().network() == Network.HTTP) {
                throw new IllegalArgumentException("listeners: " + listener.name() + ": Carbon does not speak HTTP");
            }
        });
        for (ListenerConfig listener : pickle) {
            if (listener.address().network() != Network.TCP
                    && listener.address().network() != Network.UNIX) {
                throw new IllegalArgumentException("pickle: " + listener.name() + ": pickles come over tcp or unix");
            }
        }
        if (mappingFile != null && !mapping.mappings().isEmpty()) {
            throw new IllegalArgumentException("mapping: is given here and in mapping_file");
        }
        if (sampleExpiry.isNegative()) {
            throw new IllegalArgumentException("sample_expiry: must not be negative");
        }
        if (maxLine.bytes() < 1 || maxLine.bytes() > LARGEST) {
            throw new IllegalArgumentException("max_line: must be from 1 byte to 16MiB");
        }
        if (maxPickle.bytes() < 1 || maxPickle.bytes() > LARGEST) {
            throw new IllegalArgumentException("max_pickle: must be from 1 byte to 16MiB");
        }
        new SeriesLimits(maxSeries, maxSeriesPerMetric);
    }

    /** Whether anything is to be taken at all. */
    public boolean isEnabled() {
        return !listeners.isEmpty() || !pickle.isEmpty();
    }

    SeriesLimits limits() {
        return new SeriesLimits(maxSeries, maxSeriesPerMetric);
    }
}
