package io.emberwatch.service.promapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryException.Kind;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.model.text.FloatText;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.http.HttpClients;
import io.emberwatch.service.http.LimitedInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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
    private final Map<String, String> headers;
    private final Map<String, String> labels;
    private final long largestAnswer;

    /** @throws IllegalArgumentException when the address has no host, or a file of tls cannot be used */
    public PrometheusClient(PrometheusClientConfig config) {
        this(config, LARGEST_ANSWER);
    }

    /**
     * As {@link #PrometheusClient(PrometheusClientConfig)}.
     *
     * @param headers sent with each question
     */
    public PrometheusClient(PrometheusClientConfig config, Map<String, String> headers) {
        this(config, client(config), headers, LARGEST_ANSWER);
    }

    PrometheusClient(PrometheusClientConfig config, long largestAnswer) {
        this(config, client(config), Map.of(), largestAnswer);
    }

    private PrometheusClient(
            PrometheusClientConfig config, OkHttpClient http, Map<String, String> headers, long largestAnswer) {
        this.http = http;
        this.headers = Map.copyOf(headers);
        labels = config.labels();
        this.largestAnswer = largestAnswer;
        HttpUrl parsed = HttpUrl.get(config.url());
        if (parsed == null) {
            throw new IllegalArgumentException("url: expected an address such as http://127.0.0.1:9090");
        }
        base = parsed.newBuilder().username("").password("").fragment(null).build();
        shown = base.newBuilder().query(null).build().toString();
        Secret password = config.password();
        Secret token = config.bearerToken();
        if (config.username() != null && password != null) {
            authorization = Credentials.basic(config.username(), password.reveal(), UTF_8);
        } else if (token != null) {
            authorization = "Bearer " + token.reveal();
        } else {
            authorization =
                    parsed.username().isEmpty() ? null : Credentials.basic(parsed.username(), parsed.password(), UTF_8);
        }
    }

    private static OkHttpClient client(PrometheusClientConfig config) {
        OkHttpClient plain = HttpClients.withTimeout(config.timeout());
        PrometheusTls tls = config.tls();
        try {
            return tls == null ? plain : tls.secured(plain);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
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
        headers.forEach(request::header);
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try (Response response = http.newCall(request.build()).execute()) {
            QueryResult answer = read(response);
            return labels.isEmpty() ? answer : new QueryResult(labelled(answer.value()), answer.warnings());
        } catch (LimitedInput.LimitException e) {
            throw new QueryException(Kind.EXECUTION, shown + " answered more than " + largestAnswer + " bytes", e);
        } catch (InterruptedIOException e) {
            throw Thread.currentThread().isInterrupted()
                    ? new QueryException(Kind.CANCELED, "the question to " + shown + " was interrupted", e)
                    : new QueryException(Kind.TIMEOUT, shown + " did not answer in time", e);
        } catch (JacksonException | AnswerReader.ShapeException e) {
            throw new QueryException(Kind.UNAVAILABLE, shown + " answered what is no result: " + reason(e), e);
        } catch (IOException e) {
            throw new QueryException(Kind.UNAVAILABLE, "cannot reach " + shown + ": " + reason(e), e);
        }
    }

    private QueryResult read(Response response) throws IOException, QueryException {
        String type = response.header("Content-Type", "");
        if (type == null || !type.startsWith("application/json")) {
            throw new QueryException(kind(response.code()), shown + " answered " + refusal(response.code()));
        }
        if (response.body().contentLength() > largestAnswer) {
            throw new LimitedInput.LimitException();
        }
        InputStream body = new LimitedInput(response.body().byteStream(), largestAnswer);
        try (JsonParser json = JSON.createParser(body)) {
            return new AnswerReader(json).read();
        }
    }

    private QueryValue labelled(QueryValue value) {
        if (value instanceof QueryValue.Vector vector) {
            return new QueryValue.Vector(vector.samples().stream()
                    .map(sample -> new Sample(labelled(sample.labels()), sample.timestampMillis(), sample.value()))
                    .toList());
        }
        if (value instanceof QueryValue.Matrix matrix) {
            return new QueryValue.Matrix(matrix.series().stream()
                    .map(series -> new Series(labelled(series.labels()), series.timestampsMillis(), series.values()))
                    .toList());
        }
        return value;
    }

    private Labels labelled(Labels own) {
        Labels all = own;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            all = own.get(label.getKey()).isEmpty() ? all.with(label.getKey(), label.getValue()) : all;
        }
        return all;
    }

    // Proxies and gateways answer for the API, as HTML or text.
    private static Kind kind(int status) {
        return status == 408 || status == 429 || status / 100 != 4 ? Kind.UNAVAILABLE : Kind.BAD_DATA;
    }

    private static String refusal(int status) {
        return switch (status) {
            case 401, 403 -> status + ": the user, password or token is not taken";
            case 429, 502, 503, 504 -> status + ": not available now";
            default -> status + " instead of JSON; is it a Prometheus API?";
        };
    }

    private static String reason(IOException e) {
        String message = e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    @Override
    public String toString() {
        return shown;
    }
}
