package io.emberwatch.push.influx;

import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * InfluxDB over HTTP; 1.x with {@code database}, 2.x and later with {@code bucket}.
 *
 * @param url where InfluxDB listens
 * @param database name, for InfluxDB 1.x
 * @param retentionPolicy of the database; its default one when absent
 * @param username for InfluxDB 1.x with authentication
 * @param password for InfluxDB 1.x with authentication
 * @param bucket name, for InfluxDB 2.x
 * @param org organisation, for InfluxDB 2.x
 * @param token for InfluxDB 2.x
 * @param timeout of one request
 * @param gzip whether bodies are compressed; halves the rate on one machine, saves three quarters of a slow line
 */
public record HttpConfig(
        @Default("http://127.0.0.1:8086") URI url,
        @Nullable String database,
        @Nullable String retentionPolicy,
        @Nullable String username,
        @Nullable Secret password,
        @Nullable String bucket,
        @Nullable String org,
        @Nullable Secret token,
        @Default("10s") Duration timeout,
        @Default("false") boolean gzip) {
    public HttpConfig {
        if ((database == null) == (bucket == null)) {
            throw new IllegalArgumentException(
                    "expected either database (InfluxDB 1.x) or bucket (InfluxDB 2.x and later)");
        }
        if (url.getHost() == null
                || !(url.getScheme().equals("http") || url.getScheme().equals("https"))) {
            throw new IllegalArgumentException("url: expected http://host:port or https://host:port");
        }
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: must be positive");
        }
    }
}
