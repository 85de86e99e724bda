package io.emberwatch.service.promapi;

import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a Prometheus-compatible API is and how to ask it.
 *
 * @param url the address before {@code /api/v1}; a user and password in it are sent when none are given beside it
 * @param username for basic authentication, with password
 * @param bearerToken in place of a user
 * @param timeout of a whole call
 * @param tls whom to trust and who to be, for https; null for the system's authorities and nobody
 * @param labels that every series of an answer gets where it has none of that name: the external labels of a Prometheus,
 *     which it tells other servers but not in its answers
 */
public record PrometheusClientConfig(
        URI url,
        @Nullable String username,
        @Nullable Secret password,
        @Nullable Secret bearerToken,
        @Default("30s") Duration timeout,
        @Nullable PrometheusTls tls,
        @Default("{}") Map<String, String> labels) {
    public PrometheusClientConfig {
        labels = Map.copyOf(labels);
        labels.keySet().forEach(name -> {
            if (!name.matches("[a-zA-Z_][a-zA-Z0-9_]*") || name.startsWith("__")) {
                throw new IllegalArgumentException("labels: " + name + " is no name of a label");
            }
        });
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new IllegalArgumentException("url: expected http:// or https://");
        }
        if ((username == null) != (password == null)) {
            throw new IllegalArgumentException("username: a user and a password belong together");
        }
        if (username != null && bearerToken != null) {
            throw new IllegalArgumentException("bearer_token: give a user or a token, not both");
        }
        if (bearerToken != null && !bearerToken.reveal().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("bearer_token: a token has only visible ASCII characters");
        }
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: must be positive");
        }
        if (tls != null && !"https".equals(url.getScheme())) {
            throw new IllegalArgumentException("tls: only https:// has it");
        }
    }

    /** Without labels. */
    public PrometheusClientConfig(
            URI url,
            @Nullable String username,
            @Nullable Secret password,
            @Nullable Secret bearerToken,
            Duration timeout,
            @Nullable PrometheusTls tls) {
        this(url, username, password, bearerToken, timeout, tls, Map.of());
    }

    /** Without TLS of its own. */
    public PrometheusClientConfig(
            URI url,
            @Nullable String username,
            @Nullable Secret password,
            @Nullable Secret bearerToken,
            Duration timeout) {
        this(url, username, password, bearerToken, timeout, null);
    }

    public static PrometheusClientConfig of(URI url) {
        return new PrometheusClientConfig(url, null, null, null, Duration.ofSeconds(30));
    }
}
