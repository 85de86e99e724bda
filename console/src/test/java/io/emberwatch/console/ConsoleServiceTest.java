package io.emberwatch.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConsoleServiceTest {
    private static final Pattern REFERENCE =
            Pattern.compile("(?:from|src=|href=)\\s*\"(?:\\./)?([a-z]+\\.(?:js|css|svg))\"");

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.start(
                ListenAddress.parse("127.0.0.1:0"),
                new ConsoleService(new ConsoleConfig(true), Path.of("../docs/runbooks")).routes());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void runbooksAreShownAndListed() throws Exception {
        assertThat(get("/runbooks/EtcdNoLeader").body())
                .contains("<h1>EtcdNoLeader</h1>", "<strong>What to do.</strong>", "<code>");
        assertThat(get("/runbooks/").body()).contains("href=\"/runbooks/EtcdNoLeader\">EtcdNoLeader</a>");
        assertThat(get("/runbooks/Nothing").statusCode()).isEqualTo(404);
        assertThat(get("/runbooks/..%2f..%2fREADME").statusCode()).isEqualTo(404);
    }

    @Test
    void everyFileThatThePageRefersToIsServed() throws Exception {
        Set<String> served = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(Set.of(""));
        while (!open.isEmpty()) {
            String name = open.remove();
            HttpResponse<String> answer = get("/" + name);
            assertThat(answer.statusCode()).as(name).isEqualTo(200);
            if (!name.equals("echarts.js")) {
                Matcher reference = REFERENCE.matcher(answer.body());
                while (reference.find()) {
                    if (served.add(reference.group(1))) {
                        open.add(reference.group(1));
                    }
                }
            }
        }
        assertThat(served).contains("page.js", "page.css", "echarts.js", "heatmap.js", "api.js", "dom.js");
    }

    @Test
    void aBridgeByItselfShowsItsNotificationsFirst() throws Exception {
        try (HttpServer alone = HttpServer.start(
                ListenAddress.parse("127.0.0.1:0"),
                ConsoleService.ofNotifications(new ConsoleConfig(true), Path.of("../docs/runbooks"))
                        .routes())) {
            HttpResponse<String> front = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + alone.port() + "/"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(front.body()).contains("<h1>Notifications</h1>");
        }
    }

    @Test
    void thePageMayLoadNothingFromAnotherHost() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy ->
                        assertThat(policy).contains("default-src 'none'", "connect-src 'self'", "script-src 'self'"));
        assertThat(page.body()).doesNotContain("http://", "https://", "//cdn");
    }

    @Test
    void whatIsNotPartOfThePageIsNotFound() throws Exception {
        assertThat(get("/ConsoleService.class").statusCode()).isEqualTo(404);
        assertThat(get("/../ConsoleService.class").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
