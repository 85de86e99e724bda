package io.emberwatch.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebConfigFileTest {
    // Of the password U*U, from the test vectors of crypt_blowfish.
    private static final String HASH = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("web.config.yml"), "basic_auth_users: {alice: \"" + HASH + "\"}\n");
    }

    @Test
    void usersAndHeadersAreTakenUpWhileTheServerRuns() throws Exception {
        try (HttpServer server = start()) {
            assertThat(get(server, "alice").statusCode()).isEqualTo(200);
            assertThat(get(server, "bob").statusCode()).isEqualTo(401);

            Files.writeString(file, """
                    basic_auth_users: {bob: "%s"}
                    http_server_config: {headers: {X-Frame-Options: deny}}
                    """.formatted(HASH));

            assertThat(get(server, "alice").statusCode()).isEqualTo(401);
            HttpResponse<String> bob = get(server, "bob");
            assertThat(bob.statusCode()).isEqualTo(200);
            assertThat(bob.headers().firstValue("X-Frame-Options")).hasValue("deny");
        }
    }

    @Test
    void aFaultyChangeKeepsWhatWasBefore() throws Exception {
        try (HttpServer server = start()) {
            Files.writeString(file, "basic_auth_users: {alice: secret}\n");
            assertThat(get(server, "alice").statusCode()).isEqualTo(200);
            Files.delete(file);
            assertThat(get(server, "alice").statusCode()).isEqualTo(200);
            assertThat(get(server, "bob").statusCode()).isEqualTo(401);
            Files.writeString(file, "tls_server_config: {cert_file: a, key_file: b}\n");
            assertThat(get(server, "bob").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void requestsBeyondTheRateAreTurnedAway() throws Exception {
        Files.writeString(file, "rate_limit: {interval: 1h, burst: 2}\n");
        try (HttpServer server = start()) {
            assertThat(get(server, "a").statusCode()).isEqualTo(200);
            assertThat(get(server, "a").statusCode()).isEqualTo(200);
            assertThat(get(server, "a").statusCode()).isEqualTo(429);
        }
    }

    @Test
    void theRateComesBackWithTime() {
        long[] now = {0};
        RateLimit limit = new RateLimit(new RateLimit.Config(java.time.Duration.ofNanos(10), 2), () -> now[0]);
        assertThat(List.of(limit.admits(), limit.admits(), limit.admits())).containsExactly(true, true, false);
        now[0] = 9;
        assertThat(limit.admits()).isFalse();
        now[0] = 10;
        assertThat(List.of(limit.admits(), limit.admits())).containsExactly(true, false);
        now[0] = 1000;
        assertThat(List.of(limit.admits(), limit.admits(), limit.admits())).containsExactly(true, true, false);
    }

    private HttpServer start() throws Exception {
        return HttpServer.start(
                new ListenAddress("127.0.0.1", 0),
                List.of(Route.get("/", exchange -> exchange.respondText(200, "x"))),
                WebConfigFile.read(file));
    }

    private static HttpResponse<String> get(HttpServer server, String user) throws Exception {
        String credentials = Base64.getEncoder().encodeToString((user + ":U*U").getBytes(StandardCharsets.UTF_8));
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"))
                        .header("Authorization", "Basic " + credentials)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
