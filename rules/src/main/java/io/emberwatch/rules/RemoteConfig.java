package io.emberwatch.rules;

import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.promapi.PrometheusClient;
import io.emberwatch.service.promapi.PrometheusClientConfig;
import io.emberwatch.service.promapi.PrometheusTls;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Prometheus-compatible API that answers in place of the embedded store: Prometheus, Thanos, Mimir, VictoriaMetrics.
 *
 * @param url the address before {@code /api/v1}
 * @param username for basic authentication, with password
 * @param bearerToken in place of a user
 * @param timeout of a whole call
 * @param headers sent with each question, such as {@code X-Scope-OrgID}
 * @param tls whom to trust and who to be, for https
 */
public record RemoteConfig(
        URI url,
        @Nullable String username,
        @Nullable Secret password,
        @Nullable Secret bearerToken,
        @Default("30s") Duration timeout,
        @Default("{}") Map<String, String> headers,
        @Nullable PrometheusTls tls) {
    public RemoteConfig {
        // What makes no sense is refused where the configuration is read.
        PrometheusClientConfig checked = new PrometheusClientConfig(url, username, password, bearerToken, timeout, tls);
        url = checked.url();
    }

    /** @throws IllegalArgumentException when certificates or keys cannot be used */
    PrometheusClient client() {
        return new PrometheusClient(
                new PrometheusClientConfig(url, username, password, bearerToken, timeout, tls), headers);
    }
}
