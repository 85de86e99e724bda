package io.emberwatch.rules.notify;

import io.emberwatch.rules.relabel.Relabeling;
import io.emberwatch.rules.settings.Credential;
import io.emberwatch.rules.settings.HttpSettings;
import io.emberwatch.rules.settings.TlsSettings;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * One Alertmanager.
 *
 * @param url its address with any path prefix, without {@code /api/v2/alerts}
 * @param timeout for one request
 * @param username for basic authentication, together with the password
 * @param bearerToken instead of them
 */
public record AlertmanagerConfig(
        URI url,
        @Default("10s") Duration timeout,
        @Nullable String username,
        @Nullable Secret password,
        @Nullable Secret bearerToken) {
    public AlertmanagerConfig {
        boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!web || url.getHost() == null) {
            throw new IllegalArgumentException(url + ": expected an address such as http://127.0.0.1:9093");
        }
        if (timeout.toMillis() <= 0) {
            throw new IllegalArgumentException("timeout must be positive, not " + timeout);
        }
        if ((username == null) != (password == null)) {
            throw new IllegalArgumentException("username and password must be given together");
        }
        if (username != null && bearerToken != null) {
            throw new IllegalArgumentException("give either username and password or bearer_token");
        }
    }

    AlertmanagerSettings settings() {
        HttpUrl base = HttpUrl.get(url);
        if (base == null) {
            throw new IllegalArgumentException(url + ": not an address");
        }
        HttpUrl address = base.newBuilder()
                .username("")
                .password("")
                .query(null)
                .addPathSegments(AlertmanagerGroup.API.substring(1))
                .build();
        HttpSettings http = new HttpSettings(
                username == null ? null : new Credential(new Secret(username), null),
                password == null ? null : new Credential(password, null),
                "Bearer",
                bearerToken == null ? null : new Credential(bearerToken, null),
                Map.of(),
                TlsSettings.NONE,
                true,
                true);
        return new AlertmanagerSettings(address, timeout, http, Relabeling.NONE);
    }

    /** Without authentication and with the default timeout. */
    public static AlertmanagerConfig of(URI url) {
        return new AlertmanagerConfig(url, Duration.ofSeconds(10), null, null, null);
    }
}
