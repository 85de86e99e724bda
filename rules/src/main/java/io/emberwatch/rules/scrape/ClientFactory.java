package io.emberwatch.rules.scrape;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** Makes the HTTP clients of jobs; they share one pool of connections. */
final class ClientFactory {
    private static final int IDLE_CONNECTIONS = 1_024;

    private final OkHttpClient shared = new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 5, TimeUnit.MINUTES))
            .build();

    /** @throws IOException when certificates or keys cannot be used */
    OkHttpClient client(HttpSettings settings) throws IOException {
        OkHttpClient.Builder client = shared.newBuilder()
                .followRedirects(settings.followRedirects())
                .followSslRedirects(settings.followRedirects());
        if (!settings.http2()) {
            client.protocols(List.of(Protocol.HTTP_1_1));
        }
        if (!settings.tls().equals(TlsSettings.NONE)) {
            try {
                TlsContext.apply(settings.tls(), client);
            } catch (GeneralSecurityException e) {
                throw new IOException("tls_config cannot be used: " + e.getMessage(), e);
            }
        }
        return client.build();
    }

    /** Adds who is asking; secrets in files are read now. */
    static Request.Builder authorize(Request.Builder request, HttpSettings settings) throws IOException {
        for (Map.Entry<String, String> header : settings.headers().entrySet()) {
            request.header(header.getKey(), header.getValue());
        }
        if (settings.user() != null) {
            request.header(
                    "Authorization",
                    Credentials.basic(reveal(settings.user()), reveal(settings.password()), StandardCharsets.UTF_8));
        } else if (settings.credentials() != null) {
            request.header("Authorization", settings.authorizationType() + " " + reveal(settings.credentials()));
        }
        return request;
    }

    private static String reveal(@Nullable Credential credential) throws IOException {
        return credential == null ? "" : credential.reveal();
    }

    /** Ends every call under way. */
    void cancelAll() {
        shared.dispatcher().cancelAll();
    }
}
