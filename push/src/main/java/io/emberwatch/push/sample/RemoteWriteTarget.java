package io.emberwatch.push.sample;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import okhttp3.Credentials;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes samples to a server that takes remote write 1.0. A server that refuses a request for one bad sample refuses all of
 * it, so halves are tried until the bad ones stand alone; they are counted and left out. What may pass is tried again.
 */
public final class RemoteWriteTarget implements SampleTarget {
    private static final MediaType PROTOBUF = MediaType.get("application/x-protobuf");
    private static final int LONGEST_REASON = 300;
    private static final long FIRST_WAIT_MILLIS = 500;
    private static final long LONGEST_WAIT_MILLIS = 30_000;
    private static final int REMEMBERED = 1_000_000;
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final RemoteWriteConfig config;
    private final OkHttpClient client;
    private final ObjIntConsumer<Outcome> counts;
    private final Map<Labels, Long> newest = new HashMap<>();
    private long waitMillis = FIRST_WAIT_MILLIS;
    private volatile String trouble = "";

    /** What became of samples. */
    public enum Outcome {
        WRITTEN,
        /** The server does not take it. */
        REFUSED,
        /** Older than what was written of the same series; the server would not take it. */
        OUT_OF_ORDER
    }

    /** @param counts is told what became of how many samples */
    public RemoteWriteTarget(RemoteWriteConfig config, ObjIntConsumer<Outcome> counts) {
        this.config = config;
        this.counts = counts;
        client = HttpClients.withTimeout(config.timeout());
    }

    @Override
    public Duration write(List<Sample> samples) {
        List<Sample> wanted = inOrder(samples);
        for (int from = 0; from < wanted.size(); from += config.batchSamples()) {
            List<Sample> batch = wanted.subList(from, Math.min(wanted.size(), from + config.batchSamples()));
            String retry = send(batch);
            if (retry != null) {
                if (!retry.equals(trouble)) {
                    logger.atWarn().addKeyValue("reason", retry).log("samples cannot be written now, will try again");
                }
                trouble = retry;
                Duration wait = Duration.ofMillis(waitMillis);
                waitMillis = Math.min(LONGEST_WAIT_MILLIS, 2 * waitMillis);
                return wait;
            }
            batch.forEach(sample -> newest.merge(sample.labels(), sample.timestampMillis(), Math::max));
        }
        trouble = "";
        waitMillis = FIRST_WAIT_MILLIS;
        if (newest.size() > REMEMBERED) {
            newest.clear();
        }
        return Duration.ZERO;
    }

    private List<Sample> inOrder(List<Sample> samples) {
        List<Sample> wanted = new ArrayList<>(samples.size());
        for (Sample sample : samples) {
            Labels labels = withConfigured(sample.labels());
            Long before = newest.get(labels);
            if (before != null && sample.timestampMillis() < before) {
                counts.accept(Outcome.OUT_OF_ORDER, 1);
            } else {
                wanted.add(new Sample(labels, sample.timestampMillis(), sample.value()));
            }
        }
        return wanted;
    }

    private Labels withConfigured(Labels labels) {
        if (config.labels().isEmpty()) {
            return labels;
        }
        Labels.Builder builder = labels.toBuilder();
        config.labels().forEach((name, value) -> {
            if (!labels.has(name)) {
                builder.set(name, value);
            }
        });
        return builder.build();
    }

    /** Null when each was written or refused for good, otherwise why to try again. */
    private @Nullable String send(List<Sample> samples) {
        Request.Builder request = new Request.Builder()
                .url(config.url().toString())
                .header("Content-Encoding", "snappy")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                .post(RequestBody.create(WriteRequest.block(samples), PROTOBUF));
        String username = config.username();
        if (username != null) {
            Secret password = config.password();
            request.header("Authorization", Credentials.basic(username, password == null ? "" : password.reveal()));
        }
        try (Response response = client.newCall(request.build()).execute()) {
            if (response.isSuccessful()) {
                counts.accept(Outcome.WRITTEN, samples.size());
                return null;
            }
            String reason = response.code() + " "
                    + response.peekBody(LONGEST_REASON).string().strip();
            if (response.code() != 400 && response.code() != 413 && response.code() != 422) {
                return reason;
            }
            if (samples.size() == 1) {
                counts.accept(Outcome.REFUSED, 1);
                logger.debug("a sample is refused: {}", reason);
                return null;
            }
            int half = samples.size() / 2;
            String first = send(samples.subList(0, half));
            return first != null ? first : send(samples.subList(half, samples.size()));
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
    }
}
