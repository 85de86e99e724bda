package io.emberwatch.testkit.mattermost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MattermostStubTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private MattermostStub stub;

    @BeforeEach
    void start() throws IOException {
        stub = MattermostStub.start();
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    private HttpResponse<String> post(String url, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(2))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void takesWhatTheServerTakes() throws Exception {
        HttpResponse<String> answer = post(
                stub.url("alerts"),
                "{\"text\":\"a \\u00e9\",\"attachments\":[{\"color\":\"#ff0000\",\"title\":\"T\",\"fields\":[{\"title\":"
                        + "\"f\",\"value\":1,\"short\":true}]}]}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("ok");
        Post post = stub.posts().get(0);
        assertThat(post.text()).isEqualTo("a é");
        assertThat(post.channel()).isEqualTo("town-square");
        assertThat(post.colors()).containsExactly("#ff0000");
        assertThat(post.everything()).contains("T").contains("f: 1.0");
    }

    @Test
    void refusesAsTheServerDoes() throws Exception {
        String url = stub.url("alerts");
        assertThat(post(url, "{").statusCode()).isEqualTo(400);
        assertThat(post(url, "{\"text\":1}").body()).contains("model.utils.decode_json.app_error");
        assertThat(post(url, "{}").body()).contains("web.incoming_webhook.text.app_error");
        assertThat(post(stub.url("other"), "{\"text\":\"x\"}").body())
                .contains("web.incoming_webhook.invalid.app_error")
                .contains("\"status_code\":400");
        assertThat(post(url, "{\"text\":\"x\",\"channel\":\"missing\"}").statusCode())
                .isEqualTo(404);
        assertThat(post(url, "{\"text\":\"" + "x".repeat(MattermostStub.BODY_LIMIT) + "\"}")
                        .statusCode())
                .isEqualTo(413);
        stub.enable(false);
        assertThat(post(url, "{\"text\":\"x\"}").statusCode()).isEqualTo(501);
        assertThat(stub.posts()).isEmpty();
        assertThat(stub.answers()).containsEntry(400, 4).containsEntry(413, 1);
    }

    @Test
    void cutsLongTexts() throws Exception {
        post(stub.url("alerts"), "{\"text\":\"" + "😀".repeat(MattermostStub.POST_RUNES + 1) + "\"}");
        assertThat(stub.posts()).hasSize(2);
        assertThat(stub.posts().get(1).text()).isEqualTo("😀");
    }

    @Test
    void limitsTheRateWithTheServersHeaders() throws Exception {
        stub.limitRate(1, 2);
        for (int i = 0; i < 3; i++) {
            assertThat(post(stub.url("alerts"), "{\"text\":\"x\"}").statusCode())
                    .isEqualTo(200);
        }
        HttpResponse<String> refused = post(stub.url("alerts"), "{\"text\":\"x\"}");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).isEqualTo("limit exceeded\n");
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.headers().firstValue("X-RateLimit-Limit")).contains("3");
        assertThat(refused.headers().firstValue("X-RateLimit-Remaining")).contains("0");
    }

    @Test
    void goesWrongAsScripted() throws Exception {
        stub.script(Fault.answer(500), Fault.reset(), Fault.answer(503).afterPosting(), Fault.hang(Duration.ofDays(1)));
        String url = stub.url("alerts");
        assertThat(post(url, "{\"text\":\"1\"}").statusCode()).isEqualTo(500);
        assertThatThrownBy(() -> post(url, "{\"text\":\"2\"}")).isInstanceOf(IOException.class);
        assertThat(post(url, "{\"text\":\"3\"}").statusCode()).isEqualTo(503);
        assertThatThrownBy(() -> post(url, "{\"text\":\"4\"}")).isInstanceOf(IOException.class);
        assertThat(post(url, "{\"text\":\"5\"}").statusCode()).isEqualTo(200);
        assertThat(stub.awaitPosts(2, Duration.ofSeconds(1)).stream().map(Post::text))
                .isEqualTo(List.of("3", "5"));
    }
}
