package io.emberwatch.push;

import io.emberwatch.service.config.Default;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Figures of the components as lines over UDP, in the form of the O2 components.
 *
 * @param host where to
 * @param port where to
 * @param every how often
 * @param hostname the tag {@code hostname}; this host's name when absent
 */
public record StatisticsConfig(
        @Default("127.0.0.1") String host,
        @Default("8090") int port,
        @Default("10s") Duration every,
        @Nullable String hostname) {
    private static final int LARGEST_PORT = 65_535;
    private static final Duration LEAST = Duration.ofMillis(100);

    public StatisticsConfig {
        if (port < 1 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("port: " + port + " is not from 1 to " + LARGEST_PORT);
        }
        if (every.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("every: " + every + " is not at least 100ms");
        }
    }
}
