package io.emberwatch.bridge.statistics;

import io.emberwatch.service.config.Default;
import java.time.Duration;

/**
 * Statistics for InfluxDB by UDP.
 *
 * @param host where InfluxDB listens
 * @param port where it listens for line protocol by UDP
 * @param interval how often a line is sent for each kind of endpoint
 */
public record StatisticsConfig(
        @Default("127.0.0.1") String host,
        @Default("8089") int port,
        @Default("10s") Duration interval) {
    public StatisticsConfig {
        if (host.isBlank() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("host: expected a host, and a port from 1 to 65535");
        }
        if (interval.toMillis() < 1000) {
            throw new IllegalArgumentException("interval: expected at least 1s");
        }
    }
}
