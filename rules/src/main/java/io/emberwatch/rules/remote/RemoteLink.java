package io.emberwatch.rules.remote;

import io.emberwatch.rules.settings.SettingsClient;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Posts requests to one receiver and tells what it made of them. */
final class RemoteLink {
    private static final MediaType PROTOBUF = MediaType.get("application/x-protobuf");
    private static final int SHOWN_ANSWER = 256;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final RemoteWriteSettings settings;
    private final SettingsClient client;
    private final InstantSource clock;

    /** What became of a request. */
    sealed interface Outcome {
        /** Taken. */
        record Delivered() implements Outcome {}

        /**
         * Worth another try.
         *
         * @param after what the receiver asks to wait, at most five minutes; zero when it does not say
         */
        record Retry(String reason, Duration after) implements Outcome {}

        /** Never to be taken. */
        record Rejected(String reason) implements Outcome {}
    }

    RemoteLink(RemoteWriteSettings settings, SettingsClient client, InstantSource clock) {
        this.settings = settings;
        this.client = client;
        this.clock = clock;
    }

    /** Posts a block and returns at once; {@code then} is told on another thread. */
    void post(byte[] block, Consumer<Outcome> then) {
        Call call;
        try {
            Request.Builder request = new Request.Builder()
                    .url(settings.url())
                    .header("Content-Encoding", "snappy")
                    .header("User-Agent", "Emberwatch")
                    .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                    .post(RequestBody.create(block, PROTOBUF));
            Request built = client.authorize(request).build();
            call = client.current()
                    .newBuilder()
                    .callTimeout(settings.timeout())
                    .connectTimeout(settings.timeout())
                    .readTimeout(settings.timeout())
                    .writeTimeout(settings.timeout())
                    .build()
                    .newCall(built);
        } catch (IOException e) {
            then.accept(new Outcome.Retry(reason(e), Duration.ZERO));
            return;
        }
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call failed, IOException e) {
                then.accept(new Outcome.Retry(reason(e), Duration.ZERO));
            }

            @Override
            public void onResponse(Call answered, Response response) {
                Outcome outcome;
                try (response) {
                    outcome = outcome(response);
                }
                then.accept(outcome);
            }
        });
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private Outcome outcome(Response response) {
        if (response.isSuccessful()) {
            return new Outcome.Delivered();
        }
        String reason = "status " + response.code() + ": " + shown(response);
        boolean again = response.code() / 100 == 5 || response.code() == 429 || response.code() == 408;
        return again ? new Outcome.Retry(reason, after(response.header("Retry-After"))) : new Outcome.Rejected(reason);
    }

    private static String shown(Response response) {
        try {
            return response.peekBody(SHOWN_ANSWER).string().strip();
        } catch (IOException e) {
            return "";
        }
    }

    // Seconds or a date (RFC 9110, §10.2.3).
    private Duration after(@Nullable String text) {
        if (text == null) {
            return Duration.ZERO;
        }
        Duration wait;
        try {
            wait = text.matches("[0-9]{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : Duration.between(
                            clock.instant(),
                            Instant.from(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)));
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }
}
