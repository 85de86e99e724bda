package io.emberwatch.service.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/** The HTTP clients of the services: one connection pool, every wait bounded, no redirects. */
public final class HttpClients {
    private static final OkHttpClient SHARED = new OkHttpClient.Builder()
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .socketFactory(new NoDelaySockets())
            .addInterceptor(HttpClients::declareInterruption)
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

    // An interrupted wait for a connection leaves OkHttp as InterruptedException, which no method of it declares and
    // no caller therefore catches.
    private static Response declareInterruption(Interceptor.Chain chain) throws IOException {
        try {
            return chain.proceed(chain.request());
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
