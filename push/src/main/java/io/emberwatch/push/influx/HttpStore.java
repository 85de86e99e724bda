package io.emberwatch.push.influx;

import io.emberwatch.push.influx.WriteOutcome.Refused;
import io.emberwatch.push.influx.WriteOutcome.Retry;
import io.emberwatch.push.influx.WriteOutcome.Stored;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.http.HttpClients;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Writes to InfluxDB over HTTP: {@code /write} of 1.x, {@code /api/v2/write} of 2.x and later.
 *
 * <p>204 is stored; 400, 413 and 422 mean that lines are refused; everything else may pass with time, a missing database
 * and a wrong password too, for somebody will mend them.
 */
public final class HttpStore implements LineStore {
    private static final MediaType TEXT = MediaType.get("text/plain; charset=utf-8");
    private static final int LONGEST_REASON = 300;
    private static final long LONGEST_WAIT_SECONDS = 300;

    private final OkHttpClient client;
    private final HttpUrl url;
    private final @Nullable String authorization;
    private final boolean gzip;

    public HttpStore(HttpConfig config) {
        client = HttpClients.withTimeout(config.timeout());
        url = url(config);
        authorization = authorization(config);
        gzip = config.gzip();
    }

    private static HttpUrl url(HttpConfig config) {
        HttpUrl base = HttpUrl.get(config.url().toString());
        if (config.database() != null) {
            HttpUrl.Builder url = base.newBuilder()
                    .addPathSegment("write")
                    .addQueryParameter("db", config.database())
                    .addQueryParameter("precision", "ns");
            if (config.retentionPolicy() != null) {
                url.addQueryParameter("rp", config.retentionPolicy());
            }
            return url.build();
        }
        HttpUrl.Builder url = base.newBuilder()
                .addPathSegments("api/v2/write")
                .addQueryParameter("bucket", config.bucket())
                .addQueryParameter("precision", "ns");
        if (config.org() != null) {
            url.addQueryParameter("org", config.org());
        }
        return url.build();
    }

    private static @Nullable String authorization(HttpConfig config) {
        Secret token = config.token();
        if (token != null) {
            return "Token " + token.reveal();
        }
        String username = config.username();
        Secret password = config.password();
        return username == null ? null : Credentials.basic(username, password == null ? "" : password.reveal());
    }

    @Override
    public WriteOutcome write(byte[] lines) {
        Request.Builder request = new Request.Builder().url(url);
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        if (gzip) {
            request.header("Content-Encoding", "gzip").post(RequestBody.create(compressed(lines), TEXT));
        } else {
            request.post(RequestBody.create(lines, TEXT));
        }
        try (Response response = client.newCall(request.build()).execute()) {
            if (response.isSuccessful()) {
                return new Stored();
            }
            String reason = response.code() + " "
                    + response.peekBody(LONGEST_REASON).string().strip();
            return switch (response.code()) {
                case 400, 413, 422 -> new Refused(reason);
                default -> new Retry(reason, retryAfter(response.header("Retry-After")));
            };
        } catch (IOException e) {
            return new Retry(String.valueOf(e.getMessage()), Duration.ZERO);
        }
    }

    private static Duration retryAfter(@Nullable String seconds) {
        if (seconds == null
                || seconds.isEmpty()
                || seconds.length() > 6
                || !seconds.chars().allMatch(Character::isDigit)) {
            return Duration.ZERO;
        }
        return Duration.ofSeconds(Math.min(LONGEST_WAIT_SECONDS, Long.parseLong(seconds)));
    }

    private static byte[] compressed(byte[] lines) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(lines.length / 4);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
    }
}
