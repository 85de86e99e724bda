package io.emberwatch.bridge.mattermost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import java.io.Serial;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The part of Mattermost's REST API that a bot needs.
 *
 * @see <a href="https://developers.mattermost.com/api-documentation/">API documentation</a>
 */
final class MattermostApi {
    private static final MediaType TYPE = MediaType.get("application/json; charset=utf-8");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MAX_ANSWER = 32L << 20;

    private final HttpUrl base;
    private final String token;
    private final OkHttpClient client;

    MattermostApi(URI server, String token, Duration timeout) {
        HttpUrl url = HttpUrl.get(server);
        if (url == null) {
            throw new IllegalArgumentException("server: " + server + ": expected an http or https address");
        }
        this.base = url.newBuilder().addPathSegments("api/v4").build();
        this.token = token;
        this.client = HttpClients.withTimeout(timeout);
    }

    /** An answer other than the wanted one. */
    static final class Refusal extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final int status;
        private final transient @Nullable Duration wait;

        Refusal(int status, String reason, @Nullable Duration wait) {
            super(reason);
            this.status = status;
            this.wait = wait;
        }

        int status() {
            return status;
        }

        @Nullable
        Duration waitFor() {
            return wait;
        }

        boolean says(String id) {
            return String.valueOf(getMessage()).startsWith(id);
        }
    }

    JsonNode get(String path) throws IOException {
        return call(request(path));
    }

    JsonNode post(String path, byte[] body) throws IOException {
        return call(request(path).post(RequestBody.create(body, TYPE)));
    }

    JsonNode put(String path, byte[] body) throws IOException {
        return call(request(path).put(RequestBody.create(body, TYPE)));
    }

    JsonNode delete(String path) throws IOException {
        return call(request(path).delete());
    }

    private Request.Builder request(String path) {
        HttpUrl url = HttpUrl.get(base + path);
        return new Request.Builder().url(url).header("Authorization", "Bearer " + token);
    }

    private JsonNode call(Request.Builder request) throws IOException {
        try (Response response = client.newCall(request.build()).execute()) {
            if (!response.isSuccessful()) {
                throw new Refusal(response.code(), Answers.error(response), Answers.wait(response));
            }
            byte[] body = response.peekBody(MAX_ANSWER).bytes();
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new Refusal(502, "not JSON: " + Clip.to(new String(body, StandardCharsets.UTF_8), 100), null);
            }
        }
    }
}
