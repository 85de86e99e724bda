package io.emberwatch.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpServerTest {
    private static final ListenAddress LOOPBACK = new ListenAddress("127.0.0.1", 0);
    private static final String PAGE = "metric 1\n".repeat(1000);

    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch held = new CountDownLatch(HttpServer.MAX_REQUESTS);
    private final AtomicInteger arrived = new AtomicInteger();
    private final CompletableFuture<String> disk = new CompletableFuture<>();
    private final OkHttpClient client = HttpClients.withTimeout(Duration.ofSeconds(20));
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.start(
                LOOPBACK,
                List.of(
                        Route.get("/hello", exchange -> exchange.respondText(200, "hello\n")),
                        Route.get("/page", exchange -> exchange.respondText(200, PAGE)),
                        Route.get("/nothing", exchange -> exchange.respondText(200, "")),
                        Route.get("/static/*", exchange -> exchange.respondText(200, "static " + exchange.path())),
                        Route.get("/static/deep/*", exchange -> exchange.respondText(200, "deep")),
                        Route.get("/static/exact", exchange -> exchange.respondText(200, "exact")),
                        Route.get(
                                "/params",
                                exchange ->
                                        exchange.respondText(200, exchange.params("a") + " " + exchange.param("b"))),
                        Route.post("/echo", exchange -> exchange.respond(200, "text/plain", exchange.body(10))),
                        Route.post("/done", exchange -> exchange.respond(200)),
                        new Route(Set.of("GET", "POST"), "/form", HttpServerTest::form),
                        Route.get("/broken", exchange -> {
                            throw new IllegalStateException("a secret detail");
                        }),
                        Route.get("/teapot", exchange -> {
                            throw new HttpError(418, "short and stout");
                        }),
                        Route.get("/moved", exchange -> exchange.redirect("/hello")),
                        Route.get("/events", HttpServerTest::events),
                        Route.get("/later", this::later),
                        Route.get("/held", this::hold)));
    }

    private static void form(Exchange exchange) throws IOException, HttpError {
        exchange.readForm();
        exchange.respondText(200, exchange.params("match[]").toString());
    }

    private static void events(Exchange exchange) throws IOException {
        try (OutputStream out = exchange.stream(200, "text/event-stream")) {
            out.write("data: 1\n\n".getBytes(UTF_8));
        }
    }

    private void later(Exchange exchange) {
        arrived.incrementAndGet();
        exchange.respondWhen(disk, () -> {
            if (disk.isCompletedExceptionally()) {
                throw new HttpError(503, "not now");
            }
            exchange.respondText(200, disk.join());
        });
    }

    private void hold(Exchange exchange) throws IOException {
        held.countDown();
        try {
            release.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        exchange.respondText(200, "released");
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.close();
    }

    private Request.Builder request(String path) {
        return new Request.Builder().url("http://127.0.0.1:" + server.port() + path);
    }

    private String get(String path) throws IOException {
        try (Response response = client.newCall(request(path).build()).execute()) {
            return response.code() + " " + response.body().string();
        }
    }

    private String post(String path, String type, String body) throws IOException {
        RequestBody content = RequestBody.create(body.getBytes(UTF_8), MediaType.get(type));
        try (Response response =
                client.newCall(request(path).post(content).build()).execute()) {
            return response.code() + " " + response.body().string();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/static/a/b, 200 static /static/a/b",
        "/static/, 200 static /static/",
        "/static, 200 static /static",
        "/static/deep/x, 200 deep",
        "/static/exact, 200 exact",
        "/static/a%2Fb%20c, 200 static /static/a/b c",
        "/params?a=1&a=%20x+y&b=%25&c, '200 [1,  x y] %'",
    })
    void exactRoutesGoBeforeThePrefixThatIsLongest(String path, String answer) throws IOException {
        try (RawClient raw = new RawClient(server.port())) {
            String[] lines = raw.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")
                    .answer()
                    .split("\n\n", 2);
            assertThat(lines[0].substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()) + " " + lines[1])
                    .isEqualTo(answer);
        }
    }

    @Test
    void unknownPathIsNotFound() throws IOException {
        assertThat(get("/nowhere")).isEqualTo("404 nothing here: /nowhere\n");
        assertThat(get("/hello/")).startsWith("404");
        assertThat(get("/staticx")).startsWith("404");
    }

    @Test
    void wrongMethodIsToldWhichAreAllowed() throws IOException {
        try (Response response =
                client.newCall(request("/form").delete().build()).execute()) {
            assertThat(response.code()).isEqualTo(405);
            assertThat(response.header("Allow")).isEqualTo("GET, HEAD, POST");
            assertThat(response.body().string()).isEqualTo("DELETE is not served here; use GET or HEAD or POST\n");
        }
        try (Response response = client.newCall(request("/echo").build()).execute()) {
            assertThat(response.code()).isEqualTo(405);
            assertThat(response.header("Allow")).isEqualTo("POST");
        }
    }

    @Test
    void headGetsTheHeadersOfGetAndNoBody() throws IOException {
        try (RawClient raw = new RawClient(server.port())) {
            assertThat(raw.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n").head())
                    .startsWith("HTTP/1.1 200 OK\n")
                    .containsIgnoringCase("\nContent-length: 6\n")
                    .containsIgnoringCase("\nContent-type: text/plain; charset=utf-8\n");
            assertThat(raw.send("HEAD /events HTTP/1.1\r\nHost: x\r\n\r\n").head())
                    .startsWith("HTTP/1.1 200 OK\n")
                    .containsIgnoringCase("\nContent-type: text/event-stream\n");
            assertThat(raw.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").answer())
                    .endsWith("\n\nhello\n");
        }
    }

    @Test
    void connectionIsKeptForTheNextRequest() throws IOException {
        try (RawClient raw = new RawClient(server.port())) {
            for (int i = 0; i < 3; i++) {
                assertThat(raw.send("GET /page HTTP/1.1\r\nHost: x\r\n\r\n").answer())
                        .endsWith(PAGE);
                assertThat(raw.send("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n").answer())
                        .startsWith("HTTP/1.1 200");
                assertThat(raw.send("GET /none HTTP/1.1\r\nHost: x\r\n\r\n").answer())
                        .startsWith("HTTP/1.1 404");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip | true",
                "br, GZIP;q=0.5 | true",
                "gzip;q=0 | false",
                "gzip; q=0.000 | false",
                "identity | false"
            })
    void bodyIsCompressedWhenTheClientTakesIt(String accepted, boolean compressed) throws IOException {
        try (Response response = client.newCall(
                        request("/page").header("Accept-Encoding", accepted).build())
                .execute()) {
            byte[] body = response.body().bytes();
            assertThat("gzip".equals(response.header("Content-Encoding"))).isEqualTo(compressed);
            assertThat(response.header("Vary")).isEqualTo("Accept-Encoding");
            assertThat(body.length < 2000).isEqualTo(compressed);
            byte[] plain = compressed ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body;
            assertThat(new String(plain, UTF_8)).isEqualTo(PAGE);
        }
    }

    @Test
    void smallBodyIsNotCompressed() throws IOException {
        try (Response response = client.newCall(
                        request("/hello").header("Accept-Encoding", "gzip").build())
                .execute()) {
            assertThat(response.header("Content-Encoding")).isNull();
            assertThat(response.body().string()).isEqualTo("hello\n");
        }
    }

    @Test
    void tooLargeBodyIsRefusedAndTheConnectionServesOn() throws IOException {
        assertThat(post("/echo", "text/plain", "0123456789")).isEqualTo("200 0123456789");
        assertThat(post("/echo", "text/plain", "0123456789a")).isEqualTo("413 request body is larger than 10 bytes\n");
        assertThat(post("/echo", "text/plain", "x".repeat(40_000))).startsWith("413");
        try {
            assertThat(post("/echo", "text/plain", "x".repeat(4_000_000))).startsWith("413");
        } catch (SocketException closed) {
            // Who still writes when the refusal comes may meet the closed connection before reading the answer.
            assertThat(closed).hasMessageMatching("(?i).*(reset|broken pipe|closed).*");
        }
        assertThat(get("/hello")).isEqualTo("200 hello\n");
    }

    @Test
    void formAndQueryParametersAreJoined() throws IOException {
        String form = "application/x-www-form-urlencoded; charset=utf-8";

        assertThat(post("/form?match%5B%5D=a", form, "match[]=b&match%5B%5D=%7Bc%3D%22d%22%7D&x=1"))
                .isEqualTo("200 [a, b, {c=\"d\"}]");
        assertThat(get("/form?match[]=a")).isEqualTo("200 [a]");
        assertThat(post("/form", form, "match[]=100%")).isEqualTo("200 [100%]");
        assertThat(post("/form?match[]=a", "text/plain", "match[]=b")).isEqualTo("200 [a]");
    }

    @Test
    void failureOfAHandlerIsHiddenFromTheClient() throws IOException {
        assertThat(get("/broken")).isEqualTo("500 internal error; see the log\n");
        assertThat(get("/teapot")).isEqualTo("418 short and stout\n");
        assertThat(get("/hello")).isEqualTo("200 hello\n");
    }

    @Test
    void redirectNamesTheNewPlace() throws IOException {
        try (Response response = client.newCall(request("/moved").build()).execute()) {
            assertThat(response.code()).isEqualTo(302);
            assertThat(response.header("Location")).isEqualTo("/hello");
        }
    }

    @Test
    void answerOfUnknownLengthIsStreamed() throws IOException {
        assertThat(get("/events")).isEqualTo("200 data: 1\n\n");
    }

    @Test
    void requestsBeyondTheBoundAreTurnedAway() throws Exception {
        List<RawClient> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < HttpServer.MAX_REQUESTS; i++) {
                waiting.add(new RawClient(server.port()).send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n"));
            }
            assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(get("/hello")).isEqualTo("503 more than " + HttpServer.MAX_REQUESTS + " requests at once\n");

            release.countDown();
            for (RawClient client : waiting) {
                assertThat(client.answer()).endsWith("\n\nreleased");
            }
            assertThat(get("/hello")).isEqualTo("200 hello\n");
        } finally {
            for (RawClient client : waiting) {
                client.close();
            }
        }
    }

    @Test
    void whoIsAnsweredLaterCostsNoThread() throws Exception {
        List<RawClient> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < HttpServer.MAX_REQUESTS + 10; i++) {
                waiting.add(new RawClient(server.port()).send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n"));
            }
            while (arrived.get() < waiting.size()) {
                assertThat(get("/hello")).isEqualTo("200 hello\n");
            }
            assertThat(Thread.getAllStackTraces().values())
                    .as("threads that are in a handler")
                    .noneMatch(stack ->
                            Stream.of(stack).anyMatch(frame -> frame.toString().contains("HttpServerTest.later")));
            disk.complete("on disk");
            for (RawClient client : waiting) {
                assertThat(client.answer()).endsWith("\n\non disk");
            }
        } finally {
            for (RawClient client : waiting) {
                client.close();
            }
        }
    }

    @Test
    void whatIsAnsweredLaterMayBeRefusedLater() throws IOException {
        disk.completeExceptionally(new IOException("full"));

        assertThat(get("/later")).isEqualTo("503 not now\n");
    }

    @Test
    void aStopWaitsForWhatIsAnsweredLater() throws Exception {
        try (RawClient raw = new RawClient(server.port())) {
            raw.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
            while (arrived.get() == 0) {
                Thread.onSpinWait();
            }
            Thread stopping = new Thread(() -> server.stop(Duration.ofSeconds(20)));
            stopping.start();
            disk.complete("on disk");
            assertThat(raw.answer()).endsWith("\n\non disk");
            stopping.join(TimeUnit.SECONDS.toMillis(15));
            assertThat(stopping.isAlive()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"Content-Length: 6,          abc,      def", "Transfer-Encoding: chunked, '3/abc/', '3/def/0//'"})
    void bodyIsReadWholeHoweverItArrives(String headers, String first, String second) throws IOException {
        try (RawClient raw = new RawClient(server.port())) {
            raw.send("POST /echo HTTP/1.1\r\nHost: x\r\n" + headers.replace("/", "\r\n") + "\r\n\r\n");
            raw.send(first.replace("/", "\r\n"));
            raw.send(second.replace("/", "\r\n"));

            assertThat(raw.answer()).startsWith("HTTP/1.1 200").endsWith("\n\nabcdef");
        }
    }

    @Test
    void answerWithoutBodyKeepsTheConnection() throws IOException {
        try (RawClient raw = new RawClient(server.port())) {
            for (int i = 0; i < 2; i++) {
                raw.send("POST /done HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");

                assertThat(raw.answer()).startsWith("HTTP/1.1 200").containsIgnoringCase("content-length: 0\n");
            }
        }
    }

    @Test
    void slowClientsHoldUpNobody() throws IOException {
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                slow.add(new RawClient(server.port()).send("GET /hello HTTP/1.1\r\nHo"));
            }
            assertThat(get("/hello")).isEqualTo("200 hello\n");
            slow.get(49).send("st: x\r\n\r\n");
            assertThat(slow.get(49).answer()).endsWith("hello\n");
        } finally {
            for (RawClient client : slow) {
                client.close();
            }
        }
    }

    @Test
    void moreSlowClientsThanThereAreThreadsHoldUpNobody() throws IOException {
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 2 * HttpServer.MAX_THREADS; i++) {
                slow.add(new RawClient(server.port()).send("GET /hello HTTP/1.1\r\nHo"));
            }
            for (int i = 0; i < 5; i++) {
                long asked = System.nanoTime();
                assertThat(get("/hello")).isEqualTo("200 hello\n");
                assertThat(System.nanoTime() - asked).isLessThan(TimeUnit.SECONDS.toNanos(10));
            }
            // The last ones were not cut.
            RawClient last = slow.get(slow.size() - 1);
            assertThat(last.send("st: x\r\n\r\n").answer()).endsWith("hello\n");
        } finally {
            for (RawClient client : slow) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"GARBAGE", "GET http://[ HTTP/1.1"})
    void garbageIsRefusedAndTheServerServesOn(String line) throws IOException {
        try (RawClient raw = new RawClient(server.port())) {
            assertThat(raw.send(line + "\r\nHost: x\r\n\r\n").head()).startsWith("HTTP/1.1 400");
        }
        assertThat(get("/hello")).isEqualTo("200 hello\n");
    }

    @Test
    void portInUseIsSaidWithWhatToDo() {
        ListenAddress taken = new ListenAddress("127.0.0.1", server.port());

        assertThatThrownBy(() -> HttpServer.start(taken, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + server.port())
                .hasMessageEndingWith("stop the program that holds the port or choose another with --listen");
    }

    @Test
    void addressThatIsNotOursIsSaid() {
        assertThatThrownBy(() -> HttpServer.start(new ListenAddress("no-such-host.invalid", 0), List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on no-such-host.invalid:0");
    }

    @Test
    void stopLetsRequestsUnderWayFinish() throws Exception {
        try (RawClient raw = new RawClient(server.port())) {
            raw.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
            while (held.getCount() == HttpServer.MAX_REQUESTS) {
                Thread.onSpinWait();
            }
            Thread stopping = new Thread(() -> server.stop(Duration.ofSeconds(10)));
            stopping.start();
            release.countDown();

            assertThat(raw.answer()).endsWith("released");
            stopping.join(15_000);
            assertThat(stopping.isAlive()).isFalse();
        }
    }
}
