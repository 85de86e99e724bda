package io.emberwatch.bridge.alertmanager;

import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An Alertmanager that the bridge asks and sets silences at.
 *
 * @param url where its API is, without {@code /api/v2}
 * @param username for basic authentication
 * @param bearerToken what stands behind {@code Authorization: Bearer}
 * @param timeout of a request
 */
public record AlertmanagerConfig(
        URI url,
        @Nullable String username,
        @Nullable Secret password,
        @Nullable Secret bearerToken,
        @Default("5s") Duration timeout) {
    public AlertmanagerConfig {
        if (String.valueOf(url.getRawAuthority()).contains("@")) {
            // The address is a label of metrics and stands in logs.
            throw new IllegalArgumentException("url: give username and password beside the address, not within it");
        }
        if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
            throw new IllegalArgumentException("url: " + url + ": expected an address such as http://127.0.0.1:9093");
        }
        if ((username == null) != (password == null)) {
            throw new IllegalArgumentException("username: must be given together with password");
        }
        if (username != null && bearerToken != null) {
            throw new IllegalArgumentException("bearer_token: give either this or username and password");
        }
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: must be above zero");
        }
    }
}
