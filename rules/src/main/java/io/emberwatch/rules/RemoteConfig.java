package io.emberwatch.rules;

import io.emberwatch.rules.settings.ClientFactory;
import io.emberwatch.rules.settings.Credential;
import io.emberwatch.rules.settings.HttpSettings;
import io.emberwatch.rules.settings.SettingsClient;
import io.emberwatch.rules.settings.TlsSettings;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.promapi.PrometheusClient;
import io.emberwatch.service.promapi.PrometheusClientConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * A Prometheus-compatible API that answers in place of the embedded store: Prometheus, Thanos, Mimir, VictoriaMetrics.
 *
 * @param url the address before {@code /api/v1}
 * @param username for basic authentication, with password
 * @param bearerToken in place of a user
 * @param timeout of a whole call
 * @param headers sent with each question, such as {@code X-Scope-OrgID}
 * @param tls how its certificate is checked, and which is shown to it
 */
public record RemoteConfig(
        URI url,
        @Nullable String username,
        @Nullable Secret password,
        @Nullable Secret bearerToken,
        @Default("30s") Duration timeout,
        @Default("{}") Map<String, String> headers,
        @Default("{}") Tls tls) {
    /** PEM files, and whether any certificate will do. */
    public record Tls(
            @Nullable Path caFile,
            @Nullable Path certFile,
            @Nullable Path keyFile,
            @Default("false") boolean insecureSkipVerify) {
        public Tls {
            if ((certFile == null) != (keyFile == null)) {
                throw new IllegalArgumentException("certFile: a certificate and a key belong together");
            }
            for (@Nullable Path file : new @Nullable Path[] {caFile, certFile, keyFile}) {
                if (file != null && !Files.isReadable(file)) {
                    throw new IllegalArgumentException(file + ": there is no such file");
                }
            }
        }

        TlsSettings settings() {
            return new TlsSettings(credential(caFile), credential(certFile), credential(keyFile), insecureSkipVerify);
        }

        private static @Nullable Credential credential(@Nullable Path file) {
            return file == null ? null : new Credential(null, file);
        }
    }

    public RemoteConfig {
        api(url, username, password, bearerToken, timeout);
    }

    private static PrometheusClientConfig api(
            URI url,
            @Nullable String username,
            @Nullable Secret password,
            @Nullable Secret bearerToken,
            Duration timeout) {
        return new PrometheusClientConfig(url, username, password, bearerToken, timeout);
    }

    /** @throws IllegalArgumentException when certificates or keys cannot be used */
    PrometheusClient client() {
        HttpSettings settings = new HttpSettings(null, null, "Bearer", null, headers, tls.settings(), true, true);
        SettingsClient http = new ClientFactory().client(settings);
        try {
            OkHttpClient bounded = http.current()
                    .newBuilder()
                    .callTimeout(timeout)
                    .connectTimeout(timeout)
                    .readTimeout(timeout)
                    .writeTimeout(timeout)
                    .build();
            return new PrometheusClient(api(url, username, password, bearerToken, timeout), bounded, headers);
        } catch (IOException e) {
            throw new IllegalArgumentException("remote: " + e.getMessage(), e);
        }
    }
}
