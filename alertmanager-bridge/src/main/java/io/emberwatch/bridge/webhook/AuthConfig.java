package io.emberwatch.bridge.webhook;

import io.emberwatch.service.config.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Who may post alerts. With nothing given, everybody who reaches the port.
 *
 * @param bearerToken what stands behind {@code Authorization: Bearer}
 * @param username for basic authentication
 * @param password for basic authentication
 * @param hmacSecret signs bodies, as in {@link Credentials}, for senders that can
 */
public record AuthConfig(
        @Nullable Secret bearerToken,
        @Nullable String username,
        @Nullable Secret password,
        @Nullable Secret hmacSecret) {
    public AuthConfig {
        if ((username == null) != (password == null)) {
            throw new IllegalArgumentException("username: must be given together with password");
        }
    }

    public boolean isOpen() {
        return bearerToken == null && username == null && hmacSecret == null;
    }
}
