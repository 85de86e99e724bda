package io.emberwatch.rules.notify;

import io.emberwatch.model.Alert;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to one Alertmanager: a queue and the thread that empties it. */
final class AlertmanagerLink {
    /** How many alerts go into one request. */
    static final int BATCH = 256;

    private static final Logger logger = LoggerFactory.getLogger("notify");
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int SHOWN_ANSWER = 200;

    private final AlertmanagerConfig config;
    private final HttpUrl address;
    private final OkHttpClient http;
    private final AlertQueue queue;
    private final NotifyEvents events;
    private final Thread thread;

    AlertmanagerLink(AlertmanagerConfig config, int capacity, NotifyEvents events) {
        this.config = config;
        this.address = address(config);
        this.http = HttpClients.withTimeout(config.timeout());
        this.queue = new AlertQueue(capacity);
        this.events = events;
        this.thread = new Thread(this::run, "alertmanager-" + address.host() + ":" + address.port());
        thread.setDaemon(true);
        events.added(name(), capacity);
    }

    private static HttpUrl address(AlertmanagerConfig config) {
        HttpUrl base = HttpUrl.get(config.url());
        if (base == null) {
            throw new IllegalArgumentException(config.url() + ": not an address");
        }
        return base.newBuilder()
                .username("")
                .password("")
                .query(null)
                .addPathSegments("api/v2/alerts")
                .build();
    }

    void start() {
        thread.start();
    }

    String name() {
        return address.toString();
    }

    AlertmanagerConfig config() {
        return config;
    }

    void offer(List<Alert> alerts) {
        int dropped = queue.add(alerts);
        if (dropped > 0) {
            events.dropped(name(), dropped);
            logger.atWarn()
                    .addKeyValue("alertmanager", name())
                    .addKeyValue("dropped", dropped)
                    .log("alert queue is full, the oldest alerts are dropped");
        }
        events.queued(name(), queue.size());
    }

    private void run() {
        try {
            List<Alert> batch = queue.take(BATCH);
            while (!batch.isEmpty()) {
                events.queued(name(), queue.size());
                post(batch);
                batch = queue.take(BATCH);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(List<Alert> batch) {
        long start = System.nanoTime();
        String fault = fault(batch);
        events.attempted(name(), batch.size(), Duration.ofNanos(System.nanoTime() - start), fault.isEmpty());
        if (!fault.isEmpty()) {
            // Not sent again: what still fires is sent again by its rule, with its newest state.
            events.dropped(name(), batch.size());
            logger.atError()
                    .addKeyValue("alertmanager", name())
                    .addKeyValue("alerts", batch.size())
                    .addKeyValue("error", fault)
                    .log("cannot send alerts");
        }
    }

    /** Why the Alertmanager did not take the alerts, or empty. */
    private String fault(List<Alert> batch) {
        Request.Builder request = new Request.Builder()
                .url(address)
                .header("User-Agent", "Emberwatch")
                .post(RequestBody.create(AlertJson.write(batch), JSON));
        String authorization = authorization();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try (Response response = http.newCall(request.build()).execute()) {
            return response.isSuccessful()
                    ? ""
                    : "status " + response.code() + ": "
                            + response.peekBody(SHOWN_ANSWER).string().strip();
        } catch (IOException e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }

    private @Nullable String authorization() {
        Secret password = config.password();
        Secret token = config.bearerToken();
        if (config.username() != null && password != null) {
            return Credentials.basic(config.username(), password.reveal());
        }
        return token == null ? null : "Bearer " + token.reveal();
    }

    /** Takes no more alerts. */
    void close() {
        queue.close();
    }

    /** Waits until all alerts are sent, at most so long; what is left then is dropped. */
    void drain(Duration most) {
        try {
            thread.join(Math.max(1, most.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int left = queue.clear();
        if (left > 0) {
            events.dropped(name(), left);
            logger.atWarn()
                    .addKeyValue("alertmanager", name())
                    .addKeyValue("dropped", left)
                    .log("alerts were left over on stopping");
        }
        thread.interrupt();
        events.removed(name());
    }
}
