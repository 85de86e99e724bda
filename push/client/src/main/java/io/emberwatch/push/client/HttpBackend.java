package io.emberwatch.push.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Posts lines to InfluxDB's {@code /write} or {@code /api/v2/write}, or to whatever answers there. */
final class HttpBackend implements Backend {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SHOWN = 200;

    private final URI uri;
    private final @Nullable String authorization;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    HttpBackend(URI uri, @Nullable String authorization) {
        this.uri = uri;
        this.authorization = authorization;
    }

    @Override
    public void send(List<Line> lines) throws IOException {
        String refusal = post(lines);
        if (refusal == null) {
            return;
        }
        if (lines.size() == 1) {
            throw new RefusedException(1, refusal);
        }
        // One bad line has them all refused: halves find it.
        int middle = lines.size() / 2;
        int refused = 0;
        for (List<Line> half : List.of(lines.subList(0, middle), lines.subList(middle, lines.size()))) {
            try {
                send(half);
            } catch (RefusedException e) {
                refused += e.lines();
                refusal = Objects.requireNonNull(e.getMessage());
            }
        }
        if (refused > 0) {
            throw new RefusedException(refused, refusal);
        }
    }

    /** What was answered to lines that cannot be written; null when they are written. */
    private @Nullable String post(List<Line> lines) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Line.joined(lines)));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        HttpResponse<String> answer;
        try {
            answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        int status = answer.statusCode();
        if (status / 100 == 2) {
            return null;
        }
        String body = answer.body().strip();
        String message = status + " " + (body.length() > SHOWN ? body.substring(0, SHOWN) : body);
        if (status != 400 && status != 413 && status != 422) {
            throw new IOException(message);
        }
        return message;
    }
}
