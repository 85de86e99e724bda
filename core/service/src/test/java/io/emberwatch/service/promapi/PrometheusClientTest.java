package io.emberwatch.service.promapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryException.Kind;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Credentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusClientTest {
    private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_250L);

    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private URI url(String path) {
        return server.url(path).uri();
    }

    private PrometheusClient client() {
        return new PrometheusClient(url("/"));
    }

    private void answer(String json) {
        server.enqueue(new MockResponse.Builder()
                .addHeader("Content-Type", "application/json")
                .body(json)
                .build());
    }

    private void answerData(String data) {
        answer("{\"status\":\"success\",\"data\":" + data + "}");
    }

    private QueryException failure() {
        QueryException e = catchThrowableOfType(QueryException.class, () -> client().instant("up", AT));
        assertThat(e).isNotNull();
        return e;
    }

    private String form() throws InterruptedException {
        RecordedRequest request = server.takeRequest(10, TimeUnit.SECONDS);
        assertThat(request.getMethod()).isEqualTo("POST");
        assertThat(request.getHeaders().get("Content-Type")).startsWith("application/x-www-form-urlencoded");
        return request.getUrl().encodedPath() + " "
                + URLDecoder.decode(request.getBody().utf8(), UTF_8);
    }

    @Test
    void vectorIsReadWithEveryNumber() throws Exception {
        answerData("""
                {"resultType":"vector","result":[
                  {"metric":{"__name__":"up","job":"a \\"b\\""},"value":[1700000000.25,"1"]},
                  {"metric":{},"value":[1700000000.25,"NaN"]},
                  {"metric":{"l":"p"},"value":[1700000000.25,"+Inf"]},
                  {"metric":{"l":"n"},"value":[1700000000.25,"-Inf"]},
                  {"metric":{"l":"e"},"value":[1700000000,"-1.5e-07"]}]}
                """);

        QueryResult result = client().instant("up == 1", AT);

        assertThat(result.value())
                .isEqualTo(new QueryValue.Vector(java.util.List.of(
                        new Sample(Labels.of("__name__", "up", "job", "a \"b\""), AT.toEpochMilli(), 1),
                        new Sample(Labels.EMPTY, AT.toEpochMilli(), Double.NaN),
                        new Sample(Labels.of("l", "p"), AT.toEpochMilli(), Double.POSITIVE_INFINITY),
                        new Sample(Labels.of("l", "n"), AT.toEpochMilli(), Double.NEGATIVE_INFINITY),
                        new Sample(Labels.of("l", "e"), 1_700_000_000_000L, -1.5e-7))));
        assertThat(result.warnings()).isEmpty();
        assertThat(form()).isEqualTo("/api/v1/query query=up == 1&time=1700000000.25");
    }

    @Test
    void whatTheServerLeavesOutOfItsAnswersIsAddedWhereItIsNotThere() throws Exception {
        PrometheusClientConfig config = new PrometheusClientConfig(
                url("/"), null, null, null, Duration.ofSeconds(5), null, java.util.Map.of("cluster", "north"));
        answerData("""
                {"resultType":"vector","result":[
                  {"metric":{"instance":"a"},"value":[1,"1"]},
                  {"metric":{"instance":"b","cluster":"south"},"value":[1,"1"]}]}
                """);
        answerData("{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[[1,\"1\"]]}]}");

        QueryResult now = new PrometheusClient(config).instant("up", AT);
        QueryResult range = new PrometheusClient(config).range("up", AT, AT, Duration.ofSeconds(1));

        assertThat(((QueryValue.Vector) now.value()).samples())
                .extracting(sample -> sample.labels().get("cluster"))
                .containsExactly("north", "south");
        assertThat(((QueryValue.Matrix) range.value()).series())
                .extracting(series -> series.labels().get("cluster"))
                .containsExactly("north");
    }

    @Test
    void matrixIsReadAndAskedForByItsTimes() throws Exception {
        answerData("""
                {"resultType":"matrix","result":[
                  {"metric":{"a":"1"},"values":[[1,"1"],[1.5,"2"],[2,"NaN"]]},
                  {"metric":{"a":"2"},"values":[]}]}
                """);

        QueryValue.Matrix matrix = (QueryValue.Matrix) client().range(
                        "rate(x[5m])", Instant.ofEpochSecond(1), Instant.ofEpochSecond(2), Duration.ofMillis(500))
                .value();

        Series first = matrix.series().get(0);
        assertThat(first.labels()).isEqualTo(Labels.of("a", "1"));
        assertThat(first.timestampsMillis()).containsExactly(1000, 1500, 2000);
        assertThat(first.values()).containsExactly(1, 2, Double.NaN);
        assertThat(matrix.series().get(1).size()).isZero();
        assertThat(form()).isEqualTo("/api/v1/query_range query=rate(x[5m])&start=1&end=2&step=0.5");
    }

    @Test
    void longSeriesAreReadWhole() throws Exception {
        StringBuilder values = new StringBuilder("[1,\"1\"]");
        for (int i = 2; i <= 11_000; i++) {
            values.append(",[").append(i).append(",\"").append(i).append("\"]");
        }
        answerData("{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[" + values + "]}]}");

        QueryValue.Matrix matrix = (QueryValue.Matrix)
                client().range("x", Instant.EPOCH, Instant.ofEpochSecond(11_000), Duration.ofSeconds(1))
                        .value();

        assertThat(matrix.series().get(0).size()).isEqualTo(11_000);
        assertThat(matrix.series().get(0).values()[10_999]).isEqualTo(11_000);
    }

    @Test
    void scalarAndStringAreRead() throws Exception {
        answerData("{\"resultType\":\"scalar\",\"result\":[1700000000.25,\"2.5\"]}");
        answerData("{\"resultType\":\"string\",\"result\":[1700000000.25,\"NaN \\u00fc\"]}");

        assertThat(client().instant("2.5", AT).value()).isEqualTo(new QueryValue.Scalar(AT.toEpochMilli(), 2.5));
        assertThat(client().instant("\"x\"", AT).value())
                .isEqualTo(new QueryValue.Text(AT.toEpochMilli(), "NaN \u00fc"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null"})
    void emptyResultsAreEmpty(String result) throws Exception {
        answerData("{\"resultType\":\"vector\",\"result\":" + result + ",\"stats\":{\"a\":[1,{}]}}");
        answerData("{\"resultType\":\"matrix\",\"result\":" + result + "}");

        assertThat(client().instant("up", AT).value()).isEqualTo(new QueryValue.Vector(java.util.List.of()));
        assertThat(client().range("up", AT, AT, Duration.ofSeconds(1)).value())
                .isEqualTo(new QueryValue.Matrix(java.util.List.of()));
    }

    @Test
    void warningsAndInfosAreHandedOn() throws Exception {
        answer("{\"status\":\"success\",\"warnings\":[\"w1\",\"w2\"],\"isPartial\":true,"
                + "\"data\":{\"resultType\":\"vector\",\"result\":[]},\"infos\":[\"i\"]}");

        assertThat(client().instant("up", AT).warnings()).containsExactly("w1", "w2", "i");
    }

    @Test
    void nativeHistogramsAreLeftOutWithAWarning() throws Exception {
        answerData("""
                {"resultType":"vector","result":[
                  {"metric":{"a":"1"},"histogram":[1,{"count":"2","sum":"3","buckets":[[0,"1","2","2"]]}]},
                  {"metric":{"a":"2"},"value":[1,"5"]}]}
                """);

        QueryResult result = client().instant("h", AT);

        assertThat(((QueryValue.Vector) result.value()).samples()).hasSize(1);
        assertThat(result.warnings())
                .containsExactly("1 native histograms are left out of the answer: they cannot be read");
    }

    @ParameterizedTest
    @CsvSource({
        "400, bad_data, BAD_DATA",
        "422, execution, EXECUTION",
        "503, timeout, TIMEOUT",
        "503, canceled, CANCELED",
        "503, unavailable, UNAVAILABLE",
        "500, internal, INTERNAL",
        "422, 422, EXECUTION",
    })
    void errorsOfTheApiKeepTheirKindAndText(int status, String type, Kind kind) {
        server.enqueue(new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", "application/json; charset=utf-8")
                .body("{\"status\":\"error\",\"errorType\":\"" + type + "\",\"error\":\"1:4: parse error\"}")
                .build());

        QueryException failure = failure();

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessage("1:4: parse error");
    }

    @ParameterizedTest
    @CsvSource({
        "200, UNAVAILABLE, 200 instead of JSON; is it a Prometheus API?",
        "302, UNAVAILABLE, 302 instead of JSON; is it a Prometheus API?",
        "401, BAD_DATA, '401: the user, password or token is not taken'",
        "404, BAD_DATA, 404 instead of JSON; is it a Prometheus API?",
        "429, UNAVAILABLE, 429: not available now",
        "502, UNAVAILABLE, 502: not available now",
    })
    void answersOfOthersThanTheApiAreSaidSo(int status, Kind kind, String message) {
        server.enqueue(new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", "text/html")
                .body("<html>")
                .build());

        QueryException failure = failure();

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessage(url("/") + " answered " + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"status\":\"success\"}",
                "{\"status\":\"success\",\"data\":[]}",
                "{\"status\":\"success\",\"data\":{\"result\":[]}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":{}}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[7]}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"value\":[1,\"x\"]}]}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"value\":[\"t\",\"1\"]}]}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"value\":[1,2]}]}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{\"\":\"x\"},\"value\":[1,\"2\"]}]}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1]}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"graph\",\"result\":[]}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[",
            })
    void answersThatAreNoResultAreRefused(String json) {
        answer(json);

        QueryException failure = failure();

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).hasMessageStartingWith(url("/") + " answered what is no result: ");
    }

    @Test
    void answersOverTheBoundAreRefused() {
        PrometheusClient small = new PrometheusClient(PrometheusClientConfig.of(url("/")), 100);
        String json = "{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":[1,\"" + "x".repeat(200)
                + "\"]}}";
        answer(json);
        server.enqueue(new MockResponse.Builder()
                .addHeader("Content-Type", "application/json")
                .chunkedBody(json, 10)
                .build());

        for (int i = 0; i < 2; i++) {
            QueryException failure = catchThrowableOfType(QueryException.class, () -> small.instant("up", AT));
            assertThat(failure.kind()).isEqualTo(Kind.EXECUTION);
            assertThat(failure).hasMessage(url("/") + " answered more than 100 bytes");
        }
    }

    @Test
    void nobodyListeningIsUnavailable() {
        server.close();

        QueryException failure = failure();

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).hasMessageStartingWith("cannot reach " + url("/") + ": Failed to connect");
    }

    @Test
    void silenceIsATimeout() {
        PrometheusClient hasty =
                new PrometheusClient(new PrometheusClientConfig(url("/"), null, null, null, Duration.ofMillis(150)));

        QueryException failure = catchThrowableOfType(QueryException.class, () -> hasty.instant("up", AT));

        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure).hasMessage(url("/") + " did not answer in time");
    }

    @Test
    void interruptionIsCanceled() {
        Thread.currentThread().interrupt();
        QueryException failure = failure();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.kind()).isEqualTo(Kind.CANCELED);
    }

    @Test
    void credentialsAreSentAndNeverShown() throws Exception {
        Duration timeout = Duration.ofSeconds(5);
        Secret secret = new Secret("hüsh");
        URI withUser = URI.create(url("/prom?tenant=t").toString().replace("http://", "http://carol:p%40ss@"));
        PrometheusClient[] clients = {
            new PrometheusClient(new PrometheusClientConfig(url("/prom/"), "alice", secret, null, timeout)),
            new PrometheusClient(new PrometheusClientConfig(url("/prom"), null, null, new Secret("hush"), timeout)),
            new PrometheusClient(new PrometheusClientConfig(withUser, null, null, null, timeout)),
        };
        String[] headers = {
            Credentials.basic("alice", "hüsh", UTF_8), "Bearer hush", Credentials.basic("carol", "p@ss", UTF_8)
        };

        for (int i = 0; i < clients.length; i++) {
            PrometheusClient client = clients[i];
            server.enqueue(new MockResponse.Builder().code(401).build());
            assertThatThrownBy(() -> client.instant("up", AT))
                    .isInstanceOf(QueryException.class)
                    .hasMessageNotContainingAny("hüsh", "hush", "p@ss", "p%40ss", "carol", "tenant");
            assertThat(client.toString()).doesNotContain("carol", "p%40ss");
            RecordedRequest request = server.takeRequest(10, TimeUnit.SECONDS);
            assertThat(request.getUrl().encodedPath()).isEqualTo("/prom/api/v1/query");
            assertThat(request.getHeaders().get("Authorization")).isEqualTo(headers[i]);
        }
    }

    @Test
    void configurationIsReadStrictly() throws Exception {
        PrometheusClientConfig config =
                ConfigReader.parse("c.yml", "url: http://127.0.0.1:9090", PrometheusClientConfig.class);
        assertThat(config).isEqualTo(PrometheusClientConfig.of(URI.create("http://127.0.0.1:9090")));

        for (String fault : new String[] {
            "url: ftp://h|url: expected http:// or https://",
            "{url: http://h, username: u}|username: a user and a password belong together",
            "{url: http://h, username: u, password: p, bearer_token: t}|bearer_token: give a user or a token, not both",
            "{url: http://h, bearer_token: 'a b'}|bearer_token: a token has only visible ASCII characters",
            "{url: http://h, bearer_token: \"t\\n\"}|bearer_token: a token has only visible ASCII characters",
            "{url: http://h, timeout: 0s}|timeout: must be positive",
        }) {
            String[] parts = fault.split("\\|", 2);
            assertThatThrownBy(() -> ConfigReader.parse("c.yml", parts[0], PrometheusClientConfig.class))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(parts[1]);
        }
    }
}
