package io.emberwatch.exporter.push;

import io.emberwatch.exporter.push.PushConfig.InfluxConfig;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** InfluxDB over HTTP, version 1 ({@code /write}) or 2 ({@code /api/v2/write}). */
final class InfluxTarget implements LineTarget {
    private static final MediaType TEXT = MediaType.get("text/plain; charset=utf-8");
    private static final int LONGEST_REASON = 300;

    private final InfluxConfig config;
    private final OkHttpClient client;
    private final HttpUrl url;

    InfluxTarget(InfluxConfig config) {
        this.config = config;
        client = HttpClients.withTimeout(config.timeout());
        HttpUrl base = HttpUrl.get(config.url());
        if (base == null) {
            throw new IllegalArgumentException(config.url() + ": is not the URL of a server");
        }
        HttpUrl.Builder builder = base.newBuilder();
        if (config.database() != null) {
            builder.addPathSegments("write").addQueryParameter("db", config.database());
            if (config.retentionPolicy() != null) {
                builder.addQueryParameter("rp", config.retentionPolicy());
            }
        } else {
            builder.addPathSegments("api/v2/write")
                    .addQueryParameter("org", config.org())
                    .addQueryParameter("bucket", config.bucket());
        }
        url = builder.addQueryParameter("precision", "ns").build();
    }

    @Override
    public void send(byte[] lines) throws IOException {
        Request.Builder request = new Request.Builder().url(url).post(RequestBody.create(lines, TEXT));
        if (config.token() != null) {
            request.header("Authorization", "Token " + config.token().reveal());
        } else if (config.username() != null && config.password() != null) {
            request.header(
                    "Authorization",
                    Credentials.basic(config.username(), config.password().reveal()));
        }
        try (Response response = client.newCall(request.build()).execute()) {
            if (!response.isSuccessful()) {
                String said = response.peekBody(LONGEST_REASON).string().strip();
                // Lines that are wrong stay wrong; what is wrong with the server or the account can be mended.
                boolean forEver = response.code() == 400 || response.code() == 413 || response.code() == 422;
                throw new RefusedException(url.host() + ": answered " + response.code() + ": " + said, forEver);
            }
        }
    }
}
