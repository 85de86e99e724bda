package io.emberwatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Plain requests to the servers under test. */
final class Http {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    private Http() {}

    /** @param headers names and values in turn */
    static HttpResponse<String> get(String url, String... headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5));
        return send((headers.length == 0 ? request : request.headers(headers)).build());
    }

    static HttpResponse<String> post(String url, String contentType, String body) throws IOException {
        return send(HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    static boolean isOk(String url) throws IOException {
        return get(url).statusCode() == 200;
    }

    static JsonNode json(String url) throws IOException {
        return JSON.readTree(get(url).body());
    }

    /** The samples of an instant query at a Prometheus-compatible API. */
    static JsonNode query(String base, String expression) throws IOException {
        JsonNode answer = json(base + "/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        if (!answer.path("status").asText().equals("success")) {
            throw new AssertionError(expression + " → " + answer);
        }
        return answer.path("data").path("result");
    }

    /** The one value of an instant query, or NaN when there is none. */
    static double value(String base, String expression) throws IOException {
        JsonNode result = query(base, expression);
        return result.isEmpty()
                ? Double.NaN
                : Double.parseDouble(result.get(0).path("value").get(1).asText());
    }
}
