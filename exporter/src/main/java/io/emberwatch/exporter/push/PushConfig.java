package io.emberwatch.exporter.push;

import io.emberwatch.exporter.derive.DeriveConfig;
import io.emberwatch.exporter.host.HostConfig;
import io.emberwatch.model.MetricNames;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Somewhere that the exporter sends its samples to.
 *
 * @param name the value of the label {@code push}, and the name of the folder that keeps what cannot be sent
 * @param every how often the sources are read, at least 100ms
 * @param sources names of sources or of groups; empty for all
 * @param influx InfluxDB over HTTP
 * @param udp InfluxDB over UDP
 * @param target a target that the program brings: {@code kafka}; or {@code stdout}
 * @param hostNames whose names the machine's metrics are sent under; with Telegraf's a line has all fields of a measurement
 * @param batchLines how many lines are sent at once
 * @param labels tags of every line that does not have them itself
 * @param derive what is made of values on the way
 * @param buffer how much is kept of what cannot be sent
 */
public record PushConfig(
        String name,
        @Default("10s") Duration every,
        @Default("[]") List<String> sources,
        @Nullable InfluxConfig influx,
        @Nullable UdpConfig udp,
        @Nullable String target,
        @Default("node") HostConfig.Names hostNames,
        @Default("1000") int batchLines,
        @Default("{}") Map<String, String> labels,
        @Default("[]") List<DeriveConfig> derive,
        @Default("{}") BufferConfig buffer) {
    public PushConfig {
        sources = List.copyOf(sources);
        derive = List.copyOf(derive);
        if (!name.matches("[A-Za-z0-9_-]{1,100}")) {
            throw new IllegalArgumentException(
                    "name: " + name + " is not made of letters, digits, underscores and dashes");
        }
        if (every.toMillis() < 100) {
            throw new IllegalArgumentException("every: must be at least 100ms");
        }
        if (batchLines < 1) {
            throw new IllegalArgumentException("batch_lines: must be at least 1");
        }
        if (Stream.of(influx != null, udp != null, target != null)
                        .filter(given -> given)
                        .count()
                != 1) {
            throw new IllegalArgumentException("name: " + name + " needs one of influx, udp and target");
        }
        labels.keySet().forEach(label -> {
            if (!MetricNames.isLabelName(label)) {
                throw new IllegalArgumentException("labels: " + label + " is not the name of a label");
            }
        });
    }

    /**
     * InfluxDB over HTTP: with {@code database} version 1, with {@code org} and {@code bucket} version 2.
     *
     * @param timeout of one request
     */
    public record InfluxConfig(
            URI url,
            @Nullable String database,
            @Nullable String retentionPolicy,
            @Nullable String username,
            @Nullable Secret password,
            @Nullable String org,
            @Nullable String bucket,
            @Nullable Secret token,
            @Default("5s") Duration timeout) {
        public InfluxConfig {
            if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
                throw new IllegalArgumentException("url: " + url + " begins with neither http:// nor https://");
            }
            if ((database == null) == (bucket == null)) {
                throw new IllegalArgumentException("database: give either database, or org and bucket");
            }
            if ((bucket == null) != (org == null)) {
                throw new IllegalArgumentException("org: belongs to bucket");
            }
            if ((username == null) != (password == null)) {
                throw new IllegalArgumentException("username: belongs to password");
            }
            if (timeout.toMillis() < 1) {
                throw new IllegalArgumentException("timeout: must be at least 1ms");
            }
        }
    }

    /**
     * InfluxDB over UDP: fast, and nobody says what is lost on the way.
     *
     * @param maxDatagram lines are joined up to this size
     */
    public record UdpConfig(
            String host, int port, @Default("1400B") ByteSize maxDatagram) {
        public UdpConfig {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("port: must be from 1 to 65535");
            }
            if (maxDatagram.bytes() < 512 || maxDatagram.bytes() > 65_507) {
                throw new IllegalArgumentException("max_datagram: must be from 512 to 65507 bytes");
            }
        }
    }

    /**
     * How much is kept of what cannot be sent; beyond any bound the oldest goes.
     *
     * @param maxSize of all files together
     * @param maxAge since it was measured
     * @param maxLines how many lines; 0 for no bound of its own. Telegraf keeps 10000
     */
    public record BufferConfig(
            @Default("256MiB") ByteSize maxSize,
            @Default("7d") Duration maxAge,
            @Default("0") int maxLines) {
        public BufferConfig {
            if (maxSize.bytes() < 1 << 16) {
                throw new IllegalArgumentException("max_size: must be at least 64KiB");
            }
            if (maxLines < 0) {
                throw new IllegalArgumentException("max_lines: must not be negative");
            }
            if (maxAge.toMillis() < 1000) {
                throw new IllegalArgumentException("max_age: must be at least 1s");
            }
        }
    }
}
