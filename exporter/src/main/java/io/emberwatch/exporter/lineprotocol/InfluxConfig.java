package io.emberwatch.exporter.lineprotocol;

import io.emberwatch.exporter.listen.ListenerConfig;
import io.emberwatch.exporter.series.SeriesLimits;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Line protocol that others push.
 *
 * @param listeners where it is taken: sockets of every kind, and ports of their own for HTTP
 * @param http whether it is taken at {@code /write} and {@code /api/v2/write} of the exporter's own port too
 * @param seriesTtl how long a series stays on the page after its last sample; 0s for ever
 * @param maxSeries how many series are kept
 * @param maxSeriesPerMetric how many series of one metric are kept
 * @param maxLine longer lines are refused, at most 16 MiB
 * @param maxBody how large a request may be, unpacked, at most 1 GiB
 * @param timestamps whether the page shows the time of a sample that came with one
 * @param forwardPatience how long a sender is kept waiting when what lines are forwarded to has no room
 * @param webConfig TLS, users and headers of the ports of its own for HTTP: a {@code web.config.yml} as Prometheus takes it;
 *     plain HTTP for everybody when not given
 */
public record InfluxConfig(
        @Default("[]") List<ListenerConfig> listeners,
        @Default("false") boolean http,
        @Default("5m") Duration seriesTtl,
        @Default("100000") int maxSeries,
        @Default("20000") int maxSeriesPerMetric,
        @Default("64KiB") ByteSize maxLine,
        @Default("32MiB") ByteSize maxBody,
        @Default("false") boolean timestamps,
        @Default("5s") Duration forwardPatience,
        @Nullable Path webConfig) {
    private static final long LONGEST_LINE = 16 << 20;
    private static final long LARGEST_BODY = 1 << 30;

    public InfluxConfig {
        listeners = List.copyOf(listeners);
        Set<String> names = new HashSet<>();
        for (ListenerConfig listener : listeners) {
            if (!names.add(listener.name())) {
                throw new IllegalArgumentException("listeners: " + listener.name() + " occurs twice");
            }
        }
        if (seriesTtl.isNegative()) {
            throw new IllegalArgumentException("series_ttl: must not be negative");
        }
        if (maxLine.bytes() < 1 || maxLine.bytes() > LONGEST_LINE) {
            throw new IllegalArgumentException("max_line: must be from 1 byte to 16MiB");
        }
        if (maxBody.bytes() < 1 || maxBody.bytes() > LARGEST_BODY) {
            throw new IllegalArgumentException("max_body: must be from 1 byte to 1GiB");
        }
        if (forwardPatience.isNegative()) {
            throw new IllegalArgumentException("forward_patience: must not be negative");
        }
        new SeriesLimits(maxSeries, maxSeriesPerMetric);
    }

    /** Whether anything is to be taken at all. */
    public boolean isEnabled() {
        return http || !listeners.isEmpty();
    }

    SeriesLimits limits() {
        return new SeriesLimits(maxSeries, maxSeriesPerMetric);
    }
}
