package io.emberwatch.bridge.webhook;

import io.emberwatch.service.config.Secret;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets those in who know the secret; how long a refusal takes tells nothing about it. */
public final class Credentials {
    private final List<byte[]> accepted = new ArrayList<>();

    public Credentials(@Nullable AuthConfig config) {
        if (config == null) {
            return;
        }
        Secret token = config.bearerToken();
        if (token != null) {
            accepted.add(digest("Bearer " + token.reveal()));
        }
        Secret password = config.password();
        if (config.username() != null && password != null) {
            byte[] pair = (config.username() + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
            accepted.add(digest("Basic " + Base64.getEncoder().encodeToString(pair)));
        }
    }

    /** @throws HttpError 401 for whoever is not let in */
    public void check(Exchange exchange) throws HttpError {
        if (accepted.isEmpty()) {
            return;
        }
        String given = exchange.header("Authorization");
        int space = given == null ? -1 : given.indexOf(' ');
        if (given != null && space > 0) {
            String scheme = given.substring(0, space);
            byte[] digest = digest((scheme.equalsIgnoreCase("bearer") ? "Bearer" : "Basic") + given.substring(space));
            boolean known = false;
            for (byte[] one : accepted) {
                known |= MessageDigest.isEqual(one, digest);
            }
            if (known) {
                return;
            }
        }
        exchange.setHeader("WWW-Authenticate", "Bearer, Basic realm=\"emberwatch\"");
        throw new HttpError(401, "credentials are missing or wrong");
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
