package io.emberwatch.service.promapi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryException.Kind;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.text.FloatText;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import okhttp3.Credentials;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Prometheus-compatible API ({@code /api/v1/query} and {@code query_range}). Safe for several threads.
 *
 * <p>An answer of more than {@value #LARGEST_ANSWER} bytes is refused.
 */
public final class PrometheusClient implements QuerySource {
    static final long LARGEST_ANSWER = 512L << 20;
    private static final JsonFactory JSON = new JsonFactory();

    private final HttpUrl base;
    private final String shown;
    private final @Nullable String authorization;
    private final OkHttpClient http;

    public PrometheusClient(PrometheusClientConfig config) {
        HttpUrl parsed = HttpUrl.get(config.url());
        if (parsed == null) {
            throw new IllegalArgumentException("not an address: " + config.url());
        }
        base = parsed;
        shown = base.newBuilder().username("").password("").query(null).build().toString();
        http = HttpClients.withTimeout(config.timeout());
        Secret password = config.password();
        Secret token = config.bearerToken();
        if (config.username() != null && password != null) {
            authorization = Credentials.basic(config.username(), password.reveal());
        } else {
            authorization = token == null ? null : "Bearer " + token.reveal();
        }
    }

    /** A client without authentication and with the default timeout. */
    public PrometheusClient(URI url) {
        this(PrometheusClientConfig.of(url));
    }

    @Override
    public QueryResult instant(String expression, Instant at) throws QueryException {
        return ask("query", new FormBody.Builder().add("query", expression).add("time", seconds(at)));
    }

    @Override
    public QueryResult range(String expression, Instant start, Instant end, Duration step) throws QueryException {
        return ask(
                "query_range",
                new FormBody.Builder()
                        .add("query", expression)
                        .add("start", seconds(start))
                        .add("end", seconds(end))
                        .add("step", FloatText.formatF(step.toMillis() / 1000.0)));
    }

    private static String seconds(Instant at) {
        return FloatText.formatF(at.toEpochMilli() / 1000.0);
    }

    private QueryResult ask(String path, FormBody.Builder form) throws QueryException {
        Request.Builder request = new Request.Builder()
                .url(base.newBuilder().addPathSegments("api/v1/" + path).build())
                .post(form.build());
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try (Response response = http.newCall(request.build()).execute()) {
            String type = response.header("Content-Type", "");
            if (type == null || !type.startsWith("application/json")) {
                throw new QueryException(
                        response.code() / 100 == 4 ? Kind.BAD_DATA : Kind.UNAVAILABLE,
                        shown + " answered " + response.code() + " instead of JSON; is it a Prometheus API?");
            }
            if (response.body().contentLength() > LARGEST_ANSWER) {
                throw tooLarge();
            }
            try (JsonParser json =
                    JSON.createParser(new LimitedInput(response.body().byteStream(), LARGEST_ANSWER))) {
                return new AnswerReader(json).read();
            }
        } catch (LimitedInput.LimitException e) {
            throw tooLarge();
        } catch (InterruptedIOException e) {
            throw new QueryException(Kind.TIMEOUT, shown + " did not answer in time", e);
        } catch (IOException e) {
            throw new QueryException(Kind.UNAVAILABLE, "cannot reach " + shown + ": " + e.getMessage(), e);
        }
    }

    private QueryException tooLarge() {
        return new QueryException(Kind.EXECUTION, shown + " answered more than " + LARGEST_ANSWER + " bytes");
    }

    @Override
    public String toString() {
        return shown;
    }
}
