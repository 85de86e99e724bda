package io.emberwatch.rules.scrape;

import io.emberwatch.model.text.Durations;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.rules.settings.SettingsClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Fetches the pages of one target. */
final class TargetClient {
    private static final int INFLATE_BUFFER = 8 << 10;

    private final Target target;
    private final JobSettings settings;
    private final SettingsClient job;
    private final PageBuffers buffers;
    private @Nullable OkHttpClient jobClient;
    private @Nullable OkHttpClient client;

    TargetClient(Target target, JobSettings settings, SettingsClient job, PageBuffers buffers) {
        this.target = target;
        this.settings = settings;
        this.job = job;
        this.buffers = buffers;
    }

    // The job's client with the target's timeout; one scrape at a time asks.
    private OkHttpClient client() throws IOException {
        OkHttpClient current = job.current();
        OkHttpClient known = client;
        if (known == null || current != jobClient) {
            Duration timeout = target.timeout();
            known = current.newBuilder()
                    .callTimeout(timeout)
                    .connectTimeout(timeout)
                    .readTimeout(timeout)
                    .writeTimeout(timeout)
                    .build();
            client = known;
            jobClient = current;
        }
        return known;
    }

    /** A page and the format it says to have. */
    record Answer(PageBuffers.Page page, TextFormat format) implements AutoCloseable {
        @Override
        public void close() {
            page.close();
        }
    }

    /** Asks once; the whole of it takes no longer than the target's timeout. */
    Answer fetch() throws ScrapeFailure {
        try {
            Call call = client().newCall(request());
            try (Response response = call.execute()) {
                if (response.code() != 200) {
                    throw new ScrapeFailure(
                            ScrapeFailure.Kind.FETCH,
                            "server returned HTTP status " + response.code() + " " + response.message());
                }
                TextFormat format = format(response.header("Content-Type"));
                try (InputStream body = body(response)) {
                    return new Answer(buffers.read(body, settings.limits().bodySize()), format);
                }
            }
        } catch (InterruptedIOException e) {
            throw new ScrapeFailure(
                    ScrapeFailure.Kind.FETCH,
                    "no complete answer within the timeout of " + Durations.format(target.timeout()),
                    e);
        } catch (IOException e) {
            throw new ScrapeFailure(ScrapeFailure.Kind.FETCH, reason(e), e);
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null || message.isEmpty() ? e.getClass().getSimpleName() : message;
    }

    private Request request() throws IOException {
        Request.Builder request = new Request.Builder()
                .url(target.url())
                .header("Accept", settings.request().accept())
                .header("Accept-Encoding", settings.request().compression() ? "gzip" : "identity")
                .header("User-Agent", "Emberwatch")
                .header("X-Prometheus-Scrape-Timeout-Seconds", seconds(target.timeout()));
        return job.authorize(request).build();
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    private static InputStream body(Response response) throws IOException {
        InputStream raw = response.body().byteStream();
        return "gzip".equalsIgnoreCase(response.header("Content-Encoding", ""))
                ? new GZIPInputStream(raw, INFLATE_BUFFER)
                : raw;
    }

    // What does not name a format is read as the oldest, as Prometheus did up to version 2.
    private TextFormat format(@Nullable String contentType) throws ScrapeFailure {
        String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
        if (type.startsWith("application/openmetrics-text")) {
            return TextFormat.OPENMETRICS_1_0;
        }
        if (type.startsWith("text/plain")) {
            return TextFormat.PROMETHEUS_0_0_4;
        }
        if (type.startsWith("application/vnd.google.protobuf")) {
            throw new ScrapeFailure(ScrapeFailure.Kind.PARSE, "the answer is in protobuf, which was not asked for");
        }
        TextFormat fallback = settings.request().fallback();
        return fallback == null ? TextFormat.PROMETHEUS_0_0_4 : fallback;
    }
}
