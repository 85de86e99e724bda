package io.emberwatch.rules;

import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.promapi.PrometheusClient;
import io.emberwatch.service.promapi.PrometheusClientConfig;
import io.emberwatch.service.promapi.PrometheusTls;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * A Prometheus-compatible API that answers in place of the embedded store: Prometheus, Thanos, Mimir, VictoriaMetrics.
 *
 * @param url the address before {@code /api/v1}
 * @param username for basic authentication, with password
 * @param bearerToken in place of a user
 * @param timeout of a whole call
 * @param headers sent with each question, such as {@code X-Scope-OrgID}
 * @param partialResponse whether an answer may lack what a part of the storage behind the API has; when not, Thanos and
 *     VictoriaMetrics are told to fail instead, each by its own parameter
 * @param tls whom to trust and who to be, for https
 */
public record RemoteConfig(
        URI url,
        @Nullable String username,
        @Nullable Secret password,
        @Nullable Secret bearerToken,
        @Default("30s") Duration timeout,
        @Default("{}") Map<String, String> headers,
        @Default("true") boolean partialResponse,
        @Nullable PrometheusTls tls) {
    public RemoteConfig {
        // What makes no sense is refused where the configuration is read.
        PrometheusClientConfig checked = new PrometheusClientConfig(url, username, password, bearerToken, timeout, tls);
        url = checked.url();
    }

    /** @throws IllegalArgumentException when certificates or keys cannot be used */
    PrometheusClient client() {
        return new PrometheusClient(
                new PrometheusClientConfig(asked(), username, password, bearerToken, timeout, tls), headers);
    }

    // Thanos: HTTP API of Query, "Partial Response"; VictoriaMetrics: cluster version, "deny_partial_response".
    private URI asked() {
        HttpUrl base = partialResponse ? null : HttpUrl.get(url);
        return base == null
                ? url
                : base.newBuilder()
                        .addQueryParameter("partial_response", "false")
                        .addQueryParameter("deny_partial_response", "1")
                        .build()
                        .uri();
    }
}
