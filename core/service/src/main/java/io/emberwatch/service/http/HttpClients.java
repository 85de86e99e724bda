package io.emberwatch.service.http;

import java.time.Duration;
import okhttp3.OkHttpClient;

/** The HTTP clients of the services: one connection pool, every wait bounded, no redirects. */
public final class HttpClients {
    private static final OkHttpClient SHARED = new OkHttpClient.Builder()
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .build();

    private HttpClients() {}

    /** A client whose calls end after {@code timeout}, connecting and reading included. */
    public static OkHttpClient withTimeout(Duration timeout) {
        return SHARED.newBuilder()
                .connectTimeout(timeout)
                .readTimeout(timeout)
                .writeTimeout(timeout)
                .callTimeout(timeout)
                .build();
    }
}
