package io.emberwatch.bridge.mattermost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.bridge.render.Clip;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What Mattermost's answers, and the lack of them, mean. */
final class Answers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final int MAX_ERROR = 8192;
    private static final int MAX_REASON = 300;

    private Answers() {}

    static boolean isBeforeSending(IOException e) {
        return e instanceof ConnectException
                || e instanceof UnknownHostException
                || e instanceof NoRouteToHostException
                || e instanceof SSLHandshakeException;
    }

    static String code(IOException e) {
        if (isBeforeSending(e)) {
            return "connect";
        }
        return e instanceof InterruptedIOException ? "timeout" : "reset";
    }

    /** The error's identifier and message, in one line. */
    static String error(Response response) throws IOException {
        byte[] start = response.peekBody(MAX_ERROR).bytes();
        try {
            JsonNode error = JSON.readTree(start);
            if (error != null && error.hasNonNull("id")) {
                return Clip.to(
                        Clip.oneLine(error.path("id").asText() + ": "
                                + error.path("message").asText()),
                        MAX_REASON);
            }
        } catch (IOException e) {
            return Clip.to(Clip.oneLine(new String(start, StandardCharsets.UTF_8)), MAX_REASON);
        }
        return "HTTP " + response.code();
    }

    /** Retry-After is when the next one may come; X-RateLimit-Reset, in its absence, when all may. */
    static @Nullable Duration wait(Response response) {
        for (String name : List.of("Retry-After", "X-RateLimit-Reset")) {
            String value = response.header(name);
            if (value != null && value.strip().matches("[0-9]{1,9}")) {
                Duration asked = Duration.ofSeconds(Math.max(1, Long.parseLong(value.strip())));
                return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
            }
        }
        return null;
    }
}
